// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.planted;

import java.util.List;

/** The bugs, each with the seed of a storm that finds it. */
final class PlantedBugs {

    static final List<PlantedBug> ALL = List.of(
            PlantedBug.of(0, "barrier dropped (4a)", "core.StartGate", "gate.allStopped();", ""),
            PlantedBug.of(
                    20,
                    "epoch ignored in the barrier (4a)",
                    "core.StartGate",
                    "&& entry.get().epoch().equals(lockspace.epoch());",
                    ";"),
            PlantedBug.of(
                    1,
                    "digest ignored (4a)",
                    "core.StartGate",
                    "!entry.get().digest().equals(lockspace.view().digest())",
                    "false"),
            PlantedBug.of(0, "unsettled blocks ignored (4c)", "core.StartGate", "gate.nobodyUnsettled();", ""),
            PlantedBug.of(2, "comms not looked at before a start (P7)", "core.StartGate", "gate.comms();", ""),
            PlantedBug.of(
                    35,
                    "LEFT taken for a proof",
                    "core.Deaths",
                    "!slot.timedOut()) {\n            return;",
                    "!(slot.timedOut() || slot.cause() == SlotState.Cause.LEFT)) {\n            return;",
                    "&& isSilentAsRead(state.facts(), slot)",
                    ""),
            PlantedBug.of(
                    11,
                    "RESTARTED taken for a proof",
                    "core.Deaths",
                    "!slot.timedOut()) {\n            return;",
                    "!(slot.timedOut() || slot.cause() == SlotState.Cause.RESTARTED)) {\n            return;",
                    "&& isSilentAsRead(state.facts(), slot)",
                    ""),
            PlantedBug.of(
                    7781,
                    "former members forgotten",
                    "core.Deaths",
                    "member.isPresent() && !member.get().boot().equals(report.boot())",
                    "member.isPresent() && report.node() == null"),
            PlantedBug.of(
                    3,
                    "stopped taken for left (7)",
                    "core.Settlement",
                    "entry.get().phase() == Phase.LEAVING",
                    "entry.get().phase() == Phase.LEAVING || entry.get().phase() == Phase.STOPPED"),
            PlantedBug.of(
                    1,
                    "silence too short",
                    "heartbeat.SlotState",
                    "silentScans >= timing.deadThreshold() && scanNs - changeSeenNs >= timing.silenceNs()",
                    "silentScans >= 2"),
            PlantedBug.of(0, "join number ignored when renewing", "core.KernelSide", "!m.sameJoin(member)", "false"),
            PlantedBug.of(
                    0, "everybody renewed", "core.KernelSide", "processed().equals(View.EMPTY) || cameBack", "true"),
            PlantedBug.of(
                    0,
                    "comms kept on failure (P7)",
                    "core.Comms",
                    "return Deaths.over(state, node, boot);",
                    "return false;"),
            PlantedBug.of(
                    12,
                    "comm removed under a running lockspace (P7)",
                    "core.Comms",
                    "if (users(state, node).isEmpty()) {",
                    "if (true) {"),
            PlantedBug.of(
                    1,
                    "epoch reused (2)",
                    "core.Epochs",
                    "Epoch highest = Epoch.max(region.board().highestEpoch(lockspace.name()), state.floor());",
                    "Epoch highest = lockspace.epoch();"),
            PlantedBug.of(
                    0,
                    "STOPPED reported before the stop (2)",
                    "core.LockspacePlan",
                    "if (running) {\n                return stop(next.get().why());\n            }",
                    ""),
            PlantedBug.of(
                    0,
                    "answered twice (P8)",
                    "core.ObserveMutation",
                    "lockspace.asks(answer.question()) ?",
                    "lockspace.asks(null) ?"),
            PlantedBug.of(
                    11,
                    "lost uevents forgotten (P11)",
                    "core.ObserveKernel",
                    "if (!read.afterOverflow()) {",
                    "if (read.startedNs() > 0) {"),
            PlantedBug.of(
                    164,
                    "a late remove forgets the next create (P11)",
                    "core.ObserveKernel",
                    "if (known == null || !stillThere(known) || mayBeRefused(known)) {",
                    "if (turn != null) {"),
            PlantedBug.of(
                    2,
                    "a failed reset is not tried again",
                    "core.OwnReset",
                    "new OwnReset(false, failures + 1, retryAt)",
                    "new OwnReset(true, failures + 1, retryAt)"));

    private PlantedBugs() {}
}
