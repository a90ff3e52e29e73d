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

/**
 * The searches of {@code bench/search --all}, about in order of size.
 *
 * <p>What searches have met so far, nothing of it broken. Of the last core that was searched, before what the core
 * makes of a third that beats without a word, of a lost memory, and of regions that are gone:
 *
 * <ul>
 *   <li>2 nodes, exact but for their names: without faults; with one each of a crash, agent restart, region restart,
 *       region stop, release, false verdict (12.3 million states), stalled heartbeat, torn, wiped or garbled block,
 *       lost uevent or slow reading; with a crash and an agent restart, a reboot (25.2 million) or a release.
 *   <li>3 nodes, reduced: without faults; with one each of a crash, a release (16.8 million), a slow reading (15.8) or
 *       an agent restart (345 million).
 * </ul>
 *
 * <p>On earlier cores only:
 *
 * <ul>
 *   <li>2 nodes, exact: with a crash and a wiped or a garbled block.
 *   <li>3 nodes, reduced: with one each of a stalled heartbeat, torn, wiped (41 million) or garbled block, lost uevent
 *       or region stop (180 million).
 *   <li>2 nodes, reduced: with two crashes and a reboot, with a crash and a false verdict, with an agent restart and a
 *       release; with two lockspaces and one each of a crash or release; with two regions without faults, and with a
 *       crash.
 * </ul>
 *
 * <p>Never exhausted: 3 nodes with a region restart (beyond 79 million), a false verdict (58) or several
 * faults (18); two regions with other faults; the whole list of budgets (2 nodes: beyond 90).
 *
 * <p>They found, and the core no longer has, a lockspace that stayed stopped for ever, a member that was not renewed
 * after an agent's death in a stop, and two nodes that opened one epoch after another for as long as a third followed
 * them that was to leave.
 */
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
