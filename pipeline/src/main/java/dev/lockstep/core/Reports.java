// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the own report on a region's board shall say. */
final class Reports {

    private Reports() {}

    /** {@return the report to write, its seq void; empty if none must, or may, be written} */
    static Optional<Report> due(State state, RegionState region) {
        Optional<Report> desired = desired(state, region);
        return desired.isPresent()
                        && region.submitted().isPresent()
                        && region.submitted().get().saysSameAs(desired.get())
                ? Optional.empty()
                : desired;
    }

    private static Optional<Report> desired(State state, RegionState region) {
        if (!region.recalled() || !region.hasBoard() || !region.present() || region.duplicate()) {
            return Optional.empty();
        }
        if (wouldBeTakenForReleased(state, region)) {
            return Optional.empty();
        }
        // Nothing is said before our own heartbeat was seen: a report under no generation would drop us from views.
        Optional<Generation> live = region.slot(state.facts().self()).live();
        if (live.isEmpty() && region.submitted().isEmpty()) {
            return Optional.empty();
        }
        Generation generation =
                live.isPresent() ? live.get() : region.submitted().get().generation();
        return Optional.of(report(state, region, generation, entries(state, region.id())));
    }

    private static Report report(State state, RegionState region, Generation generation, List<LockspaceEntry> entries) {
        return new Report(
                region.id(),
                state.facts().self(),
                state.facts().boot(),
                generation,
                0,
                state.facts().settings(),
                state.mustGo().isPresent(),
                state.floor(),
                state.evictions(),
                entries,
                state.node().fencing().shown(),
                state.node().mesh().row());
    }

    /** Whether the own block has room for one more lockspace, and for all that may have to be said of those in it. */
    static boolean hasRoomFor(State state, RegionState region, LockspaceName joining) {
        List<LockspaceEntry> entries = new ArrayList<>(entries(state, region.id()));
        entries.add(new LockspaceEntry(
                joining, new JoinNumber(1), Phase.JOINING, Epoch.NONE, View.EMPTY.digest(), View.EMPTY.nodes()));
        Report report = report(state, region, Generation.NONE, entries);
        return BoardCodec.mostBytes(report, state.facts().nodes()) <= region.copyBytes();
    }

    /**
     * Whether the kernel has a lockspace that this report would not list and the one before, which is lost, may have
     * listed: peers that have read that would take it for released (rule 7). Until every board was read it is not known
     * which of what runs belongs here.
     */
    private static boolean wouldBeTakenForReleased(State state, RegionState region) {
        boolean lost = region.report(state.facts().self()).isEmpty()
                && region.submitted().isEmpty();
        for (LockspaceState lockspace : state.lockspaces().values()) {
            boolean unclaimed = lockspace.phase().isEmpty()
                    && lockspace.kernel().present()
                    && lockspace.kernel().run() != KernelSide.Run.BORN
                    && !lockspace.kernel().forgotten(); // it is let go, and its release is no secret
            boolean mayBeHere =
                    Recall.guardOf(state, lockspace).map(region.id()::equals).orElse(lost || !state.recalled());
            if (unclaimed && mayBeHere && (lost || !lockspace.uncontrolled())) {
                return true;
            }
        }
        return false;
    }

    private static List<LockspaceEntry> entries(State state, RegionId region) {
        List<LockspaceEntry> entries = new ArrayList<>();
        for (LockspaceState lockspace : state.lockspaces().values()) {
            if (lockspace.guard().isPresent() && lockspace.guard().get().equals(region)) {
                lockspace.entry().ifPresent(entries::add);
            }
        }
        return entries;
    }
}
