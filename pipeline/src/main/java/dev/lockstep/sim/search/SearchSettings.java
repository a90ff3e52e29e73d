// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What is searched.
 *
 * @param nodes how many nodes, 1 to 3
 * @param regions how many heartbeat regions, 1 or 2; all nodes beat in all
 * @param lockspaces how many lockspaces, 1 or 2; lockspace k is guarded by region k modulo their number
 * @param budgets how often each fault may happen in one run, at most 14 or {@link Fault#UNLIMITED}; none if absent
 * @param reductions which interleavings are left out
 * @param mostStates the search gives up beyond this many states
 */
public record SearchSettings(
        int nodes,
        int regions,
        int lockspaces,
        Map<Fault, Integer> budgets,
        Set<Reduction> reductions,
        long mostStates) {

    public SearchSettings {
        if (nodes < 1 || nodes > 3 || regions < 1 || regions > 2 || lockspaces < 1 || lockspaces > 2) {
            throw new IllegalArgumentException(
                    "no model has " + nodes + " nodes, " + regions + " regions and " + lockspaces + " lockspaces");
        }
        Map<Fault, Integer> all = new EnumMap<>(Fault.class);
        all.putAll(budgets);
        for (int budget : all.values()) {
            if (budget < 0 || budget > Fault.UNLIMITED) {
                throw new IllegalArgumentException("budget " + budget + " is not in 0.." + Fault.UNLIMITED);
            }
        }
        boolean loses = all.getOrDefault(Fault.WIPED, 0) + all.getOrDefault(Fault.GARBLED, 0) > 0;
        if (loses && all.getOrDefault(Fault.SLOW_READING, 0) > 0) {
            throw new IllegalArgumentException("slow readings are not modelled of blocks that are wiped or garbled");
        }
        budgets = Collections.unmodifiableMap(all);
        reductions = Set.copyOf(reductions);
    }

    /** {@return a search with one region, one lockspace and no fault} */
    public static SearchSettings ofNodes(int nodes) {
        return new SearchSettings(nodes, 1, 1, Map.of(), EnumSet.noneOf(Reduction.class), Long.MAX_VALUE);
    }

    /** {@return the same with another budget for one fault} */
    public SearchSettings with(Fault fault, int budget) {
        Map<Fault, Integer> all = new EnumMap<>(Fault.class);
        all.putAll(budgets);
        all.put(fault, budget);
        return new SearchSettings(nodes, regions, lockspaces, all, reductions, mostStates);
    }

    /** {@return the same with two regions, two lockspaces, or both} */
    public SearchSettings with(int newRegions, int newLockspaces) {
        return new SearchSettings(nodes, newRegions, newLockspaces, budgets, reductions, mostStates);
    }

    /** {@return the same with reductions} */
    public SearchSettings with(Set<Reduction> newReductions) {
        return new SearchSettings(nodes, regions, lockspaces, budgets, newReductions, mostStates);
    }

    boolean reduces(Reduction reduction) {
        return reductions.contains(reduction);
    }

    int budget(Fault fault) {
        return budgets.getOrDefault(fault, 0);
    }
}
