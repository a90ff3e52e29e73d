// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The configured nodes, by number and by nodeid. Immutable. */
public final class NodeTable {
    private final DlmNode own;
    private final Map<NodeNumber, DlmNode> byNumber = new HashMap<>();
    private final Map<NodeId, DlmNode> byNodeid = new HashMap<>();

    /**
     * @param own the number of this node
     * @param nodes all nodes, this one included
     * @throws IllegalArgumentException if a number or nodeid is there twice, or the own node is missing
     */
    public NodeTable(NodeNumber own, Collection<DlmNode> nodes) {
        for (DlmNode node : nodes) {
            if (byNumber.put(node.number(), node) != null || byNodeid.put(node.nodeid(), node) != null) {
                throw new IllegalArgumentException("node " + node.number() + " is configured twice");
            }
        }
        DlmNode found = byNumber.get(own);
        if (found == null) {
            throw new IllegalArgumentException("node " + own + ", this one, is not configured");
        }
        this.own = found;
    }

    /** {@return this node} */
    public DlmNode own() {
        return own;
    }

    /** {@return the node of that number, if configured} */
    public Optional<DlmNode> node(NodeNumber number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    /** {@return the node of that nodeid, if configured} */
    public Optional<DlmNode> node(NodeId nodeid) {
        return Optional.ofNullable(byNodeid.get(nodeid));
    }
}
