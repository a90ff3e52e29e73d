// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.SettingsDigest;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.sorted.SortedArraySet;
import java.util.SortedSet;

/** What does not change while an agent lives. Immutable. */
public final class ClusterFacts {

    /** How death is proven and a node that must go is reset. */
    public enum FenceMode {
        /** Nodes fence themselves: a TIMEOUT is proof; a node that must go resets itself. */
        SELF,
        /**
         * A TIMEOUT is no proof, since a paused machine would resume: it leads to the fence command, and that one's
         * success is the proof. A node that must go resets itself.
         */
        COMMAND,
        /** An administrator acknowledges each death and resets nodes that must go. */
        MANUAL
    }

    private final NodeNumber self;
    private final BootId boot;
    private final SortedArraySet<NodeNumber> nodes;
    private final SortedArraySet<NodeNumber> others;
    private final int nodeidOffset;
    private final int deadThreshold;
    private final long periodNs;
    private final long marginNs;
    private final SettingsDigest settings;
    private final Guards guards;
    private final FencePolicy fencing;

    /**
     * @param self the own node
     * @param boot the own boot id
     * @param nodes every configured node, the own one included
     * @param nodeidOffset nodeid = node number + this, 0 or 1
     * @param deadThreshold T: counted scans without a change until a TIMEOUT, at least 3
     * @param periodNs the heartbeat's period (2 s under kernel heartbeat)
     * @param marginNs what is waited beyond T × period before a TIMEOUT
     * @param settings what must be equal on all nodes
     * @param guards which region guards which lockspace
     * @param fencing what makes a TIMEOUT a proof, and who resets a node that must go
     */
    public ClusterFacts(
            NodeNumber self,
            BootId boot,
            SortedSet<NodeNumber> nodes,
            int nodeidOffset,
            int deadThreshold,
            long periodNs,
            long marginNs,
            SettingsDigest settings,
            Guards guards,
            FencePolicy fencing) {
        if (!nodes.contains(self)) {
            throw new IllegalArgumentException("own node " + self + " is not among the nodes " + nodes);
        }
        if (deadThreshold < 3 || periodNs <= 0 || marginNs < 0) {
            throw new IllegalArgumentException("dead threshold " + deadThreshold + ", period " + periodNs
                    + " ns, margin " + marginNs + " ns make no heartbeat");
        }
        for (NodeNumber node : nodes) {
            NodeId.of(node, nodeidOffset);
        }
        this.self = self;
        this.boot = boot;
        this.nodes = SortedArraySet.copyOf(nodes);
        this.others = this.nodes.without(self);
        this.nodeidOffset = nodeidOffset;
        this.deadThreshold = deadThreshold;
        this.periodNs = periodNs;
        this.marginNs = marginNs;
        this.settings = settings;
        this.guards = guards;
        this.fencing = fencing;
    }

    /** The same with what a mode has by default. */
    public ClusterFacts(
            NodeNumber self,
            BootId boot,
            SortedSet<NodeNumber> nodes,
            int nodeidOffset,
            int deadThreshold,
            long periodNs,
            long marginNs,
            SettingsDigest settings,
            Guards guards,
            FenceMode fence) {
        this(
                self,
                boot,
                nodes,
                nodeidOffset,
                deadThreshold,
                periodNs,
                marginNs,
                settings,
                guards,
                FencePolicy.of(fence));
    }

    /** {@return what makes a TIMEOUT a proof} */
    public FenceMode fence() {
        return fencing.mode();
    }

    /** {@return what every slot must carry as hb_dead_ms} */
    public long deadMs() {
        return deadThreshold * (periodNs / 1_000_000);
    }

    /** {@return the own node} */
    public NodeNumber self() {
        return self;
    }

    /** {@return the own boot id} */
    public BootId boot() {
        return boot;
    }

    /** {@return every configured node, the own one included} */
    public SortedArraySet<NodeNumber> nodes() {
        return nodes;
    }

    /** {@return the configured nodes without the own one} */
    public SortedArraySet<NodeNumber> others() {
        return others;
    }

    /** {@return nodeid less node number, 0 or 1} */
    public int nodeidOffset() {
        return nodeidOffset;
    }

    /** {@return T: counted scans without a change until a TIMEOUT} */
    public int deadThreshold() {
        return deadThreshold;
    }

    /** {@return the heartbeat's period} */
    public long periodNs() {
        return periodNs;
    }

    /** {@return what is waited beyond T × period before a TIMEOUT} */
    public long marginNs() {
        return marginNs;
    }

    /** {@return what must be equal on all nodes} */
    public SettingsDigest settings() {
        return settings;
    }

    /** {@return which region guards which lockspace} */
    public Guards guards() {
        return guards;
    }

    /** {@return what makes a TIMEOUT a proof, and who resets a node that must go} */
    public FencePolicy fencing() {
        return fencing;
    }
}
