// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import dev.lockstep.domain.NodeNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    /**
     * {@return what somebody else has set up otherwise, a sentence each} Nodes may still be missing there, and O2CB may
     * use another network than the lock manager, so addresses are not compared.
     */
    public List<String> contradictions(O2cbState found) {
        List<String> contradictions = new ArrayList<>();
        if (found.globalMode()) {
            contradictions.add("O2CB is in global heartbeat mode, which is not built yet: set heartbeat/mode to local");
        }
        if (!found.cluster().equals(cluster)) {
            contradictions.add("O2CB has the cluster " + found.cluster() + ", the configuration says " + cluster);
        }
        if (found.deadThreshold() != deadThreshold) {
            contradictions.add(
                    "O2CB's dead_threshold is " + found.deadThreshold() + ", the configuration says " + deadThreshold);
        }
        found.local()
                .filter(number -> !number.equals(local))
                .ifPresent(number -> contradictions.add(
                        "O2CB's local node has number " + number + ", the configuration says " + local));
        for (O2cbNode node : found.nodes()) {
            Optional<O2cbNode> sameName = nodes.stream()
                    .filter(each -> each.name().equals(node.name()))
                    .findFirst();
            boolean known = nodes.stream().anyMatch(each -> each.number().equals(node.number()));
            if (sameName.isPresent() && !sameName.get().number().equals(node.number())) {
                contradictions.add("O2CB's node " + node.name() + " has number " + node.number()
                        + ", the configuration says " + sameName.get().number());
            } else if (!known) {
                contradictions.add(
                        "O2CB knows node " + node.number() + ", " + node.name() + ", the configuration does not");
            }
        }
        return contradictions;
    }

    /** {@return whether O2CB is set up so already} */
    public boolean isDoneIn(O2cbState found) {
        return !found.globalMode()
                && found.cluster().equals(cluster)
                && found.deadThreshold() == deadThreshold
                && found.local().equals(Optional.of(local))
                && Set.copyOf(found.nodes()).equals(Set.copyOf(nodes));
    }

    @Override
    public String toString() {
        String all = nodes.stream()
                .map(node -> node.number() + " " + node.name() + " " + node.address() + ":" + node.port())
                .collect(Collectors.joining(", "));
        return "cluster " + cluster + ", dead_threshold " + deadThreshold + ", nodes " + all + ", this one " + local;
    }
}
