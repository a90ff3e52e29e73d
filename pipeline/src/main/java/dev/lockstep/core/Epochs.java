// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import java.util.Optional;

/** Rules 2, 3, 5 and 10: which epoch comes next, if one must. */
final class Epochs {

    private Epochs() {}

    /**
     * The next epoch.
     *
     * @param epoch its number
     * @param view the candidate of this moment
     * @param why for the log
     */
    record Next(Epoch epoch, View view, String why) {}

    /**
     * {@return the epoch this lockspace must stop for, empty if it may stay as it is}
     *
     * @param candidate the candidate of this moment
     */
    static Optional<Next> next(State state, RegionState region, LockspaceState lockspace, View candidate) {
        Optional<Next> adopted = adoptable(state, region, lockspace, candidate);
        return adopted.isPresent() ? adopted : opened(state, region, lockspace, candidate);
    }

    /**
     * Rule 3: a higher epoch of a live incarnation is adopted; adopting goes before opening. Its number is adopted only
     * where nobody outside the candidate can have started it: a node that adopted it from a leaver, started alone and
     * died would otherwise have started the same epoch under another view (P1). One that merely follows it, and waits
     * for this node, does not keep it from being adopted: two nodes would else open one epoch after another for as
     * long as a third that neither counts in follows them.
     */
    private static Optional<Next> adoptable(State state, RegionState region, LockspaceState lockspace, View candidate) {
        Epoch highest = Epoch.NONE;
        NodeNumber from = state.facts().self();
        boolean closed = Candidate.isClosed(state, region, lockspace);
        for (NodeNumber other : state.facts().others()) {
            Optional<LockspaceEntry> entry = region.entry(other, lockspace.name());
            if (entry.isPresent()
                    && (!closed || lockspace.view().has(other))
                    && entry.get().phase() != Phase.JOINING
                    && entry.get().epoch().isAfter(highest)
                    && isLive(state, region, lockspace, other)) {
                highest = entry.get().epoch();
                from = other;
            }
        }
        // Own epochs never fall, and what was dropped is only known by the floor.
        Epoch own = Epoch.max(lockspace.epoch(), lockspace.epoch().equals(Epoch.NONE) ? state.floor() : Epoch.NONE);
        own = Epoch.max(own, lockspace.kernel().started());
        if (!highest.isAfter(own)) {
            return Optional.empty();
        }
        boolean unused = highest.isAfter(state.floor())
                && highest.isAfter(region.board().highestFloor())
                && !region.board().mayBeUsedOutside(candidate, state.facts().self(), lockspace.name(), highest);
        return unused
                ? Optional.of(new Next(highest, candidate, "adopts the epoch of node " + from))
                : Optional.of(new Next(
                        fresh(state, region, lockspace), candidate, "follows node " + from + " under an unused epoch"));
    }

    /** Rule 2: a changed candidate, or the own wish to join, opens a new epoch. */
    private static Optional<Next> opened(State state, RegionState region, LockspaceState lockspace, View candidate) {
        String why;
        if (lockspace.in(Phase.JOINING)) {
            why = "joins";
        } else if (!candidate.equals(lockspace.view())) {
            why = "members change from " + lockspace.view().nodes() + " to " + candidate.nodes();
        } else if (lockspace.in(Phase.STARTED) && lockspace.kernel().stoppedByItself()) {
            why = "the kernel stopped by itself";
        } else if (lockspace.in(Phase.STARTED) && lockspace.kernel().run() == KernelSide.Run.STOPPED) {
            // Rule 10. A leaver whose epoch it was stopped for may have dropped its entry before the stop returned.
            why = "what it was stopped for is gone";
        } else if (lockspace.in(Phase.STOPPED)
                && !lockspace.epoch().isAfter(lockspace.kernel().started())) {
            // Rule 4f: this epoch was used up by a start, though it came to nothing.
            why = "the last start failed";
        } else {
            return Optional.empty();
        }
        return Optional.of(new Next(fresh(state, region, lockspace), candidate, why));
    }

    /**
     * P1: what rule 2 saw when it opened this epoch may have been old, since a path can show for a while what was there
     * before. A node that is over since may have opened the same number then, and started it alone. Asked once all of
     * rule 4 holds, no sooner: two nodes that do not count each other in would open one epoch after another.
     *
     * @return another epoch for the same view, where this one may have been started outside of it
     */
    static Optional<Next> insteadOfUsed(State state, RegionState region, LockspaceState lockspace) {
        View view = lockspace.view();
        return region.board().mayBeUsedOutside(view, state.facts().self(), lockspace.name(), lockspace.epoch())
                ? Optional.of(new Next(fresh(state, region, lockspace), view, "others may have used its epoch"))
                : Optional.empty();
    }

    /** {@return an epoch nobody ever used: above every epoch and floor in any block and in the own memory} */
    static Epoch fresh(State state, RegionState region, LockspaceState lockspace) {
        Epoch highest = Epoch.max(region.board().highestEpoch(lockspace.name()), state.floor());
        highest = Epoch.max(highest, lockspace.epoch());
        return Epoch.max(highest, lockspace.kernel().started()).next();
    }

    /** Whether it is a live incarnation that the node's report is of. */
    private static boolean isLive(State state, RegionState region, LockspaceState lockspace, NodeNumber other) {
        Optional<Report> report = region.report(other);
        Optional<Generation> live = Candidate.generation(region, lockspace, other);
        return report.isPresent()
                && live.isPresent()
                && report.get().generation().equals(live.get())
                && !state.evicted(other, report.get().boot());
    }
}
