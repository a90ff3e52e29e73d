// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.planted;

import java.util.List;

/** Rules replaced that the core campaign finds, each with a seed of two virtual minutes that does. */
final class StormBugs {

    static final List<PlantedBug> ALL = List.of(
            PlantedBug.of(
                    -1,
                    "a zombie readmitted (1, 9)",
                    "core.Candidate",
                    "if (state.evicted(other, report.get().boot())) {",
                    "if (other == null) {"),
            PlantedBug.of(
                    -1,
                    "verdict by generation (9)",
                    "core.Candidate",
                    "if (state.evicted(other, report.get().boot())) {",
                    "if (state.evictions().stream().anyMatch(e -> e.node().equals(other)"
                            + " && e.generation().equals(live.get()))) {"),
            PlantedBug.of(
                    -1,
                    "verdicts of others not honoured (9)",
                    "core.State",
                    "block.report().get().evicts(who, life)",
                    "who == null"),
            PlantedBug.of(
                    -1, "a verdict to go taken for a proof", "board.Eviction", "MUST_GO(5, false)", "MUST_GO(5, true)"),
            PlantedBug.of(
                    -1,
                    "the epoch of a dropped entry forgotten (2)",
                    "core.State",
                    "rest,\n                node,\n                evictions,\n                Epoch.max(floor, gone.epoch()),",
                    "rest,\n                node,\n                evictions,\n                floor,"),
            PlantedBug.of(
                    -1,
                    "of two boots on two boards either is the later",
                    "core.Deaths",
                    "another && beatAfter(state, node, boot, livedBefore)",
                    "another"),
            PlantedBug.of(
                    -1,
                    "a candidate that changes needs no other epoch (5)",
                    "core.Epochs",
                    "} else if (!candidate.equals(lockspace.view())) {",
                    "} else if (!lockspace.in(Phase.STOPPED) && !candidate.equals(lockspace.view())) {"),
            PlantedBug.of(
                    -1,
                    "no higher epoch adopted (3)",
                    "core.Epochs",
                    "return adopted.isPresent() ? adopted :",
                    "return adopted.isPresent() && state == null ? adopted :"),
            PlantedBug.of(
                    -1,
                    "the join number does not rise (P6)",
                    "core.Admission",
                    "new JoinNumber(Math.max(join, last + 1))",
                    "new JoinNumber(1 + 0 * Math.max(join, last))"),
            PlantedBug.of(
                    -1,
                    "another boot's comm is good enough (P7)",
                    "core.StartGate",
                    "!member.boot().equals(comm)",
                    "comm == null"),
            PlantedBug.of(
                    -1,
                    "the dead's comm not waited for (P7)",
                    "core.StartGate",
                    "Comms.doomed(state, node) && !lockspace.view().has(node)",
                    "node == null"),
            PlantedBug.of(
                    -1,
                    "LEAVING before the kernel has stopped (2)",
                    "core.LockspacePlan",
                    "return running ? stop(\"it is released here\") : startLeaving();",
                    "return startLeaving();",
                    "        if (kernel.run() == KernelSide.Run.RUNNING) {\n            return stop(\"it is released here\");\n        }\n",
                    ""),
            PlantedBug.of(
                    -1,
                    "the smaller part of a split goes on (P10)",
                    "core.Split",
                    "return whole.size() > best.size();",
                    "return whole.size() < best.size();"),
            PlantedBug.of(
                    -1,
                    "one end's row is enough for a cut (P10)",
                    "core.Split",
                    "other != null && other.links().cut().contains(a)",
                    "other != null"),
            PlantedBug.of(
                    -1,
                    "of equal parts the higher goes on (P10)",
                    "core.Split",
                    "only.first().compareTo(onlyBest.first()) < 0",
                    "only.first().compareTo(onlyBest.first()) > 0"),
            PlantedBug.of(
                    -1,
                    "a leaver counted in (1)",
                    "core.Candidate",
                    "entry.isEmpty() || entry.get().phase() == Phase.LEAVING",
                    "entry.isEmpty()"),
            PlantedBug.of(
                    -1,
                    "a node that must go stays",
                    "core.NodePlan",
                    "if (state.mustGo().isPresent() && !node.resetting()",
                    "if (state.mustGo().isEmpty() && !node.resetting()"));

    private StormBugs() {}
}
