// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.planted;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rules replaced that the core campaign finds, each with a seed of two virtual minutes that does. */
@SuppressWarnings("StringConcatToTextBlock") // excerpts of sources, one line of them each
final class StormBugs {

    static final List<PlantedBug> ALL = List.of(
            PlantedBug.of(
                    29,
                    "a zombie readmitted (1, 9)",
                    "core.Candidate",
                    "if (state.evicted(other, report.get().boot())) {",
                    "if (other == null) {"),
            PlantedBug.of(
                    29,
                    "verdict by generation (9)",
                    "core.Candidate",
                    "if (state.evicted(other, report.get().boot())) {",
                    "if (state.evictions().stream().anyMatch(e -> e.node().equals(other)"
                            + " && e.generation().equals(live.get()))) {"),
            PlantedBug.of(
                    84, "verdicts of others not honoured (9)", "core.Evicted", "addTo(all, report.evictions());", ""),
            PlantedBug.of(
                    10, "a verdict to go taken for a proof", "board.Eviction", "MUST_GO(5, false)", "MUST_GO(5, true)"),
            PlantedBug.of(
                    1,
                    "the epoch of a dropped entry forgotten (2)",
                    "core.State",
                    "with(lockspaces.without(name), Epoch.max(floor, gone.epoch()))",
                    "with(lockspaces.without(name), floor)"),
            PlantedBug.of(
                    0,
                    "of two boots on two boards either is the later",
                    "core.Deaths",
                    "another && beatAfter(state, node, boot, Math.max(0, livedBefore))",
                    "another"),
            PlantedBug.of(
                    0,
                    "a candidate that changes needs no other epoch (5)",
                    "core.Epochs",
                    "} else if (!candidate.equals(lockspace.view())) {",
                    "} else if (!lockspace.in(Phase.STOPPED) && !candidate.equals(lockspace.view())) {"),
            PlantedBug.of(
                    0,
                    "no higher epoch adopted (3)",
                    "core.Epochs",
                    "return adopted.isPresent() ? adopted :",
                    "return adopted.isPresent() && state == null ? adopted :"),
            PlantedBug.of(
                    0,
                    "the join number does not rise (P6)",
                    "core.Admission",
                    "new JoinNumber(Math.max(join, last + 1))",
                    "new JoinNumber(1 + 0 * Math.max(join, last))"),
            PlantedBug.of(
                    42,
                    "another boot's comm is good enough (P7)",
                    "core.StartGate",
                    "member.boot().equals(comm) &&",
                    "comm != null &&"),
            PlantedBug.of(
                    3,
                    "a report that was on its way is not handed to the next writer",
                    "core.ObserveRegion",
                    ".with(known.own().handedBack())",
                    ""),
            PlantedBug.of(
                    0,
                    "the dead's comm not waited for (P7)",
                    "core.StartGate",
                    "Comms.doomed(state, node) && !lockspace.view().has(node)",
                    "node == null"),
            PlantedBug.of(
                    0,
                    "LEAVING before the kernel has stopped (2)",
                    "core.LockspacePlan",
                    "return running ? stop(\"it is released here\") : startLeaving();",
                    "return startLeaving();",
                    "        if (kernel.run() == KernelSide.Run.RUNNING) {\n"
                            + "            return stop(\"it is released here\");\n        }\n",
                    ""),
            PlantedBug.of(
                    9,
                    "the smaller part of a split goes on (P10)",
                    "core.Split",
                    "return whole.size() > best.size();",
                    "return whole.size() < best.size();"));

    /** Of those in {@link PlantedBugs}, by name: the seed here. */
    static final Map<String, Long> KNOWN = Map.ofEntries(
            Map.entry("barrier dropped (4a)", 0L),
            Map.entry("epoch ignored in the barrier (4a)", 29L),
            Map.entry("digest ignored (4a)", 0L),
            Map.entry("unsettled blocks ignored (4c)", 0L),
            Map.entry("comms not looked at before a start (P7)", 0L),
            Map.entry("LEFT taken for a proof", 1L),
            Map.entry("RESTARTED taken for a proof", 1L),
            Map.entry("stopped taken for left (7)", 0L),
            Map.entry("silence too short", 7L),
            Map.entry("join number ignored when renewing", 0L),
            Map.entry("everybody renewed", 0L),
            Map.entry("comms kept on failure (P7)", 0L),
            Map.entry("comm removed under a running lockspace (P7)", 0L),
            Map.entry("epoch reused (2)", 1L),
            Map.entry("STOPPED reported before the stop (2)", 0L),
            Map.entry("answered twice (P8)", 0L),
            Map.entry("lost uevents forgotten (P11)", 6L));

    /** {@return all that the core campaign is known to find, each with its seed there} */
    static List<PlantedBug> all() {
        List<PlantedBug> all = new ArrayList<>(ALL);
        for (PlantedBug bug : PlantedBugs.ALL) {
            Long seed = KNOWN.get(bug.name());
            if (seed != null) {
                all.add(new PlantedBug(bug.name(), bug.edits(), seed));
            }
        }
        return all;
    }

    private StormBugs() {}
}
