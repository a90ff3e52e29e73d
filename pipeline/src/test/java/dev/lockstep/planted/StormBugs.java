// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.planted;

import java.util.List;

/** Rules replaced that the core campaign finds, each with a seed of two virtual minutes that does. */
final class StormBugs {

    static final List<PlantedBug> ALL = List.of(
            PlantedBug.of(
                    -1,
                    "silence counted through the own stall (5b)",
                    "core.ObserveRegion",
                    "slots.add(stalled ? after.countingAnew() : after);",
                    "slots.add(after);",
                    "counts && !stalled)",
                    "counts)"),
            PlantedBug.of(
                    -1,
                    "silence counted while the own slot stands (5b)",
                    "core.ObserveRegion",
                    "boolean counts = own.isLive() && own.seq() != region.countedSeq();",
                    "boolean counts = true;",
                    "boolean stalled = !own.isLive()",
                    "boolean stalled = counts != counts"),
            PlantedBug.of(
                    -1,
                    "a reading from before the own stall is enough (P5)",
                    "core.StartGate",
                    "region.readStartedNs(other) <= region.stalledAtNs()",
                    "other == null"),
            PlantedBug.of(
                    -1,
                    "must-go counted from the scan's begin",
                    "core.NodePlan",
                    "own.lastScanNs() - own.changeSeenNs() >= stall",
                    "own.lastScanNs() - own.lastChangeNs() >= stall"),
            PlantedBug.of(
                    -1,
                    "silence counted from the scan's begin (5c)",
                    "heartbeat.SlotState",
                    "scanNs - changeSeenNs >= timing.silenceNs()",
                    "scanNs - lastChangeNs >= timing.silenceNs()"),
            PlantedBug.of(
                    -1,
                    "a stale report accepted (6)",
                    "core.BlockState",
                    "news.seq() < report.get().seq() && !beginsAnew(news)",
                    "news.node() == null"),
            PlantedBug.of(
                    -1,
                    "the seq of a wiped block is not begun anew",
                    "core.BlockState",
                    "return wiped && report",
                    "return !wiped && report"),
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
                    -1,
                    "verdicts forgotten over an agent restart (9)",
                    "core.State",
                    "newMemory.lasting().evictions()",
                    "List.of()"),
            PlantedBug.of(
                    -1, "a verdict to go taken for a proof", "board.Eviction", "MUST_GO(5, false)", "MUST_GO(5, true)"),
            PlantedBug.of(
                    -1,
                    "another join taken for the member (7)",
                    "core.Settlement",
                    "&& member.join().equals(entry.join())",
                    ""),
            PlantedBug.of(
                    -1,
                    "another join taken for the member in the barrier (4a)",
                    "core.StartGate",
                    "entry.isPresent() && entry.get().join().equals(member.join()) ? entry",
                    "entry.isPresent() ? entry"),
            PlantedBug.of(
                    -1,
                    "an epoch started twice (4f)",
                    "core.Epochs",
                    "&& !lockspace.epoch().isAfter(lockspace.kernel().started())",
                    "&& lockspace.epoch() == null"),
            PlantedBug.of(
                    -1,
                    "a leaver opens no epoch (2)",
                    "core.LockspacePlan",
                    "Epoch epoch = Epochs.fresh(state, region, lockspace);",
                    "Epoch epoch = lockspace.epoch();"),
            PlantedBug.of(
                    -1,
                    "a report of another generation taken for the living (1)",
                    "core.Candidate",
                    "report.isEmpty() || live.isEmpty() || !report.get().generation().equals(live.get())",
                    "report.isEmpty() || live.isEmpty()"),
            PlantedBug.of(
                    -1,
                    "an epoch resumed (10)",
                    "core.Recall",
                    "boolean asItIs = entry.phase() == Phase.STARTED",
                    "boolean asItIs = entry.phase() == Phase.STARTED || entry.phase() == Phase.STOPPED"),
            PlantedBug.of(
                    -1,
                    "adopted whatever the memory knows (10)",
                    "core.Recall",
                    "&& viewKnown\n                && lockspace.kernel().status() != 0",
                    "&& lockspace.kernel().status() != 0"),
            PlantedBug.of(-1, "self-exclusion dropped (4e)", "core.StartGate", "gate.selfExclusion();", ""),
            PlantedBug.of(
                    -1,
                    "blocks read before the own STOPPED are enough (4b)",
                    "core.StartGate",
                    "region.readStartedNs(other) < lockspace.publishedNs()",
                    "other == null"),
            PlantedBug.of(
                    -1,
                    "blocks read while the own STOPPED was written are enough (4b)",
                    "core.StartGate",
                    "region.readStartedNs(other) < lockspace.publishedNs()",
                    "region.readAtNs(other) < lockspace.publishedNs()"),
            PlantedBug.of(
                    -1,
                    "the own STOPPED need not be on the board (2, 4a)",
                    "core.StartGate",
                    "if (lockspace.publishedNs() < 0) {",
                    "if (lockspace.view() == null) {",
                    "|| lockspace.publishedNs() < 0 ",
                    ""),
            PlantedBug.of(
                    -1,
                    "the epoch of a dropped entry forgotten (2)",
                    "core.State",
                    "rest,\n                node,\n                evictions,\n                Epoch.max(floor, gone.epoch()),",
                    "rest,\n                node,\n                evictions,\n                floor,"),
            PlantedBug.of(
                    -1,
                    "a TIMEOUT in one region is enough (8)",
                    "core.Deaths",
                    "reportIsOlder && !livesElsewhere(state, due, region, other, report.boot())",
                    "reportIsOlder"),
            PlantedBug.of(
                    -1,
                    "a report made after the silence dies with it (8)",
                    "core.Deaths",
                    "boolean reportIsOlder = region.readAtNs(other) <= slot.lastScanNs();",
                    "boolean reportIsOlder = true;"),
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
                    "a kernel that stopped by itself unnoticed",
                    "core.Epochs",
                    "lockspace.in(Phase.STARTED) && lockspace.kernel().stoppedByItself()",
                    "lockspace.view() == null"),
            PlantedBug.of(
                    -1,
                    "released before LEAVING is on the board (2)",
                    "core.LockspacePlan",
                    "private List<Reason> leaving() {",
                    "private List<Reason> leaving() {\n        if (kernel.run() != KernelSide.Run.RUNNING"
                            + " && lockspace.asks(Uevent.Action.OFFLINE)) {\n            release();\n"
                            + "            return List.of();\n        }"),
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
                    "if (state.mustGo().isEmpty() && !node.resetting()"),
            PlantedBug.of(
                    -1,
                    "the own loss of the region unnoticed (8)",
                    "core.NodePlan",
                    "if (own.cause() == SlotState.Cause.LEFT) {",
                    "if (own == null) {",
                    "if (!region.present()) {",
                    "if (own == null) {"),
            PlantedBug.of(
                    -1,
                    "recovery never counted as done",
                    "core.Recall",
                    "boolean recovered = ObserveKernel.done(facts, given, found.recoverStatus());",
                    "boolean recovered = false;"),
            PlantedBug.of(
                    -1,
                    "the predecessor's verdicts lost on the way (9)",
                    "core.Recall",
                    "turn.state().withStart(started.memory())",
                    "turn.state().withStart(new Memory(new Memory.Lasting(started.memory().lasting().floor(),"
                            + " started.memory().lasting().seqBound(), List.of()), started.memory().mustGo(),"
                            + " started.memory().comms(), started.memory().lockspaces()))",
                    "report.evictions().forEach(e -> turn.state(turn.state().withRecalled(e)));",
                    ""),
            PlantedBug.of(
                    -1,
                    "the own lost report is not written again (6)",
                    "core.ObserveRegion",
                    "boolean nothingInFlight = region.submitted().equals(published);",
                    "boolean nothingInFlight = false;"));

    private StormBugs() {}
}
