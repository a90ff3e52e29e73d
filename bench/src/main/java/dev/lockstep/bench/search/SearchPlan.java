// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.search;

import dev.lockstep.sim.search.Fault;
import dev.lockstep.sim.search.Reduction;
import dev.lockstep.sim.search.SearchSettings;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The searches of {@code bench/search --all}, about in order of size. */
final class SearchPlan {
    private static final Set<Reduction> EXACT = EnumSet.of(Reduction.NODES_ALIKE);
    private static final Set<Reduction> REDUCED = EnumSet.allOf(Reduction.class);

    /** What one of takes 3 nodes tens of millions of states, about in order of how many. */
    private static final List<Fault> LARGE = List.of(
            Fault.LEAVE,
            Fault.LEFT,
            Fault.SLOW_READING,
            Fault.GARBLED,
            Fault.WIPED,
            Fault.REGION_RESTART,
            Fault.FALSE_VERDICT,
            Fault.AGENT_RESTART);

    /**
     * One search.
     *
     * @param settings what is searched
     * @param mustEnd whether the plan fails where it does not end
     */
    record Row(SearchSettings settings, boolean mustEnd) {}

    private SearchPlan() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(SearchSettings.ofNodes(2), true));
        for (Fault fault : Fault.values()) {
            if (fault != Fault.REBOOT) {
                rows.add(new Row(nodes(2, EXACT, fault), true));
            }
        }
        rows.add(new Row(nodes(2, EXACT, Fault.CRASH, Fault.LEAVE), true));
        rows.add(new Row(nodes(2, EXACT, Fault.CRASH, Fault.AGENT_RESTART), true));
        rows.add(new Row(nodes(2, EXACT, Fault.CRASH, Fault.REBOOT), true));
        rows.add(new Row(nodes(2, EXACT, Fault.CRASH, Fault.WIPED), true));
        rows.add(new Row(nodes(2, EXACT, Fault.CRASH, Fault.GARBLED), true));
        rows.add(new Row(nodes(2, REDUCED, Fault.CRASH, Fault.CRASH, Fault.REBOOT), true));
        rows.add(new Row(nodes(2, REDUCED, Fault.AGENT_RESTART, Fault.LEAVE), true));
        rows.add(new Row(nodes(2, REDUCED, Fault.LEAVE).with(1, 2), true));
        rows.add(new Row(nodes(2, REDUCED, Fault.CRASH).with(1, 2), true));
        rows.add(new Row(nodes(2, REDUCED).with(2, 1), true));
        rows.add(new Row(nodes(3, REDUCED), true));
        rows.add(new Row(nodes(3, REDUCED, Fault.CRASH), true));
        rows.add(new Row(nodes(3, REDUCED, Fault.TORN), true));
        rows.add(new Row(nodes(3, REDUCED, Fault.LOST_UEVENT), true));
        rows.add(new Row(nodes(3, REDUCED, Fault.PAUSE), true));
        for (Fault fault : LARGE) {
            rows.add(new Row(nodes(3, REDUCED, fault), false));
        }
        rows.add(new Row(nodes(2, REDUCED, Fault.CRASH).with(2, 1), false));
        rows.add(new Row(nodes(3, REDUCED, Fault.CRASH, Fault.REBOOT), false));
        rows.add(new Row(theWholeList(2), false));
        rows.add(new Row(theWholeList(3), false));
        return List.copyOf(rows);
    }

    private static SearchSettings nodes(int nodes, Set<Reduction> reductions, Fault... faults) {
        SearchSettings settings = SearchSettings.ofNodes(nodes).with(reductions);
        for (Fault fault : faults) {
            settings = settings.with(fault, settings.budgets().getOrDefault(fault, 0) + 1);
        }
        return settings;
    }

    private static SearchSettings theWholeList(int nodes) {
        SearchSettings settings = SearchSettings.ofNodes(nodes).with(REDUCED);
        Map<Fault, Integer> budgets = Map.of(
                Fault.CRASH,
                2,
                Fault.REBOOT,
                2,
                Fault.AGENT_RESTART,
                1,
                Fault.REGION_RESTART,
                1,
                Fault.LEAVE,
                1,
                Fault.FALSE_VERDICT,
                1,
                Fault.PAUSE,
                1);
        for (Map.Entry<Fault, Integer> budget : budgets.entrySet()) {
            settings = settings.with(budget.getKey(), budget.getValue());
        }
        return settings;
    }
}
