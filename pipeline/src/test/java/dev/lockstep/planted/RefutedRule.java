// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.planted;

import dev.lockstep.sim.search.Fault;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A rule as it was before a search refuted it, and the smallest search that does so again.
 *
 * @param bug the rule replaced
 * @param nodes how many nodes it takes
 * @param faults the budgets, by the faults' names
 * @param reductions what is left out, by the reductions' names
 * @param violated how what is found begins
 */
record RefutedRule(PlantedBug bug, int nodes, Map<String, Integer> faults, List<String> reductions, String violated) {
    private static final List<String> REDUCED = List.of(
            "NODES_ALIKE", "OWN_SEEN", "SEEN_AT_FIRST", "CREATED_AT_BOOT", "PUBLISHED_AT_ONCE", "TAKEN_IN_AT_ONCE");

    static RefutedRule of(int nodes, String violated, PlantedBug bug, Fault... faults) {
        Map<String, Integer> budgets = new TreeMap<>();
        for (Fault fault : faults) {
            budgets.merge(fault.name(), 1, Integer::sum);
        }
        return new RefutedRule(bug, nodes, budgets, REDUCED, violated);
    }

    /** {@return the same in every interleaving: with the exact reduction only} */
    RefutedRule unreduced() {
        return new RefutedRule(bug, nodes, faults, List.of("NODES_ALIKE"), violated);
    }

    @Override
    public String toString() {
        return bug.name();
    }
}
