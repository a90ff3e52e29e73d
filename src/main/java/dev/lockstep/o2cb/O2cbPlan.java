// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import dev.lockstep.domain.NodeNumber;
import java.util.List;

/**
 * How O2CB shall be set up.
 *
 * @param cluster the cluster's name
 * @param deadThreshold T, greater than 2
 * @param nodes all nodes
 * @param local this host's
 */
public record O2cbPlan(String cluster, int deadThreshold, List<O2cbNode> nodes, NodeNumber local) {

    public O2cbPlan {
        nodes = List.copyOf(nodes);
        if (deadThreshold <= 2) {
            throw new IllegalArgumentException("dead threshold " + deadThreshold + " is not greater than 2");
        }
        if (nodes.stream().noneMatch(node -> node.number().equals(local))) {
            throw new IllegalArgumentException("node " + local + ", this one, is not configured");
        }
    }
}
