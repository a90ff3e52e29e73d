// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Phase;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.evidence.Decision;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.sorted.SortedArraySet;
import dev.lockstep.uevent.Uevent;
import java.util.List;
import java.util.Optional;

/** From {@code online} to JOINING: what must hold before this node asks to be taken in, and what refuses it. */
final class Admission {

    private static final int EEXIST = 17;
    private static final int ENODEV = 19;
    private static final int ENOSPC = 28;

    /** While a create waits, no other create or release on this node gets anywhere. */
    private static final long LONGEST_WAIT_FOR_A_REGION_NS = 60_000_000_000L;

    private Admission() {}

    static List<Reason> plan(Draft draft, RegionState region, LockspaceState lockspace) {
        State state = draft.state();
        Optional<LockspaceName> twin = sameId(state, lockspace.name());
        if (twin.isPresent()) {
            refuse(draft, lockspace, EEXIST);
            return List.of(draft.reason(ReasonCode.ID_COLLISION, "with lockspace " + twin.get()));
        }
        List<Reason> waits = waits(draft, region, lockspace);
        if (waits.isEmpty() && !Reports.hasRoomFor(state, region, lockspace.name())) {
            refuse(draft, lockspace, ENOSPC);
            return List.of(draft.reason(ReasonCode.BOARD_FULL, region.copyBytes() + " bytes"));
        }
        if (waits.isEmpty()) {
            long join = Math.max(1, state.nowNs() / 1_000_000);
            long last = lockspace.join().map(JoinNumber::value).orElse(0L);
            draft.decide(new Decision.Move(
                    lockspace.name(),
                    Optional.of(region.id()),
                    Optional.of(Phase.JOINING),
                    Epoch.NONE,
                    View.EMPTY,
                    new JoinNumber(Math.max(join, last + 1)),
                    "online"));
        }
        return waits;
    }

    /** A create whose guard may still come waits for it, by name where there is one. */
    static List<Reason> unguarded(Draft draft, LockspaceState lockspace) {
        Optional<RegionId> lost = LostGuard.of(draft.state(), lockspace);
        if (lost.isPresent()) {
            return LostGuard.waits(draft, lockspace, lost.get());
        }
        if (VolumeRegions.isAwaited(draft.state(), lockspace)) {
            return List.of(draft.reason(ReasonCode.REGION_STARTING, "looking for its volume"));
        }
        boolean waits = guardMayCome(draft.state(), lockspace)
                && lockspace.asks(Uevent.Action.ONLINE)
                && lockspace.kernel().run() == KernelSide.Run.BORN
                && !draft.due().reached(lockspace.phaseSinceNs() + LONGEST_WAIT_FOR_A_REGION_NS);
        return waits
                ? List.of(draft.reason(
                        ReasonCode.REGION_STARTING,
                        draft.state().unfoundRegions()
                                + " of the regions in the settings not found; it is refused after 60 s"))
                : refuseUnguarded(draft, lockspace);
    }

    /** Whether a region of the settings that is not found yet would be the guard. */
    private static boolean guardMayCome(State state, LockspaceState lockspace) {
        Guards guards = state.facts().guards();
        boolean onlyOne =
                guards.inSettings() == 1 && VolumeRegions.of(lockspace.name()).isEmpty();
        return state.unfoundRegions() > 0 && (onlyOne || guards.hasRuleFor(lockspace.name()));
    }

    /** A lockspace nothing guards is refused, with the way out in the reason; one that runs is stopped and let go. */
    private static List<Reason> refuseUnguarded(Draft draft, LockspaceState lockspace) {
        KernelSide kernel = lockspace.kernel();
        boolean busy = kernel.inFlight().isPresent() || !draft.due().reached(kernel.retryAtNs());
        boolean runs = kernel.run() == KernelSide.Run.RUNNING;
        // What ran by a region that is here goes on until its board was read.
        boolean unread = Recall.guardOf(draft.state(), lockspace)
                .map(draft.state().regions()::get)
                .filter(region -> !region.recalled())
                .isPresent();
        if (busy || (runs && (unread || !draft.state().recalled()))) {
            return List.of(draft.reason(ReasonCode.NO_GUARD, regions(draft, lockspace)));
        }
        if (runs) {
            draft.mutate(new Mutation.Stop(lockspace.name(), "no region guards it"));
        } else if (lockspace.asks(Uevent.Action.ONLINE)) {
            refuse(draft, lockspace, ENODEV);
        } else if (lockspace.asks(Uevent.Action.OFFLINE)) {
            draft.mutate(
                    kernel.forgotten()
                            ? new Mutation.Answer(lockspace.name(), Uevent.Action.OFFLINE, 0)
                            : new Mutation.ForgetMembers(lockspace.name()));
        }
        return List.of(draft.reason(ReasonCode.NO_GUARD, regions(draft, lockspace)));
    }

    private static String regions(Draft draft, LockspaceState lockspace) {
        Optional<String> volume = VolumeRegions.of(lockspace.name())
                .map(id -> draft.state().regions().get(id))
                .filter(RegionState::isNowhere)
                .map(RegionState::trouble);
        return volume.orElseGet(() -> "regions: " + draft.state().usableRegions());
    }

    private static void refuse(Draft draft, LockspaceState lockspace, int errno) {
        draft.mutate(new Mutation.Answer(lockspace.name(), Uevent.Action.ONLINE, -errno));
    }

    private static Optional<LockspaceName> sameId(State state, LockspaceName name) {
        return state.lockspaces().values().stream()
                .filter(l -> l.phase().isPresent() && !l.name().equals(name))
                .map(LockspaceState::name)
                .filter(other -> other.globalId() == name.globalId())
                .findFirst();
    }

    /** Whether what was let in waits for a region that went: it never ran, and by that region it must not begin to. */
    static boolean isStranded(Draft draft, RegionState region, LockspaceState lockspace) {
        KernelSide kernel = lockspace.kernel();
        return !region.present()
                && lockspace.phase().isPresent()
                && lockspace.asks(Uevent.Action.ONLINE)
                && kernel.run() == KernelSide.Run.BORN
                && kernel.inFlight().isEmpty()
                && draft.due().reached(kernel.retryAtNs())
                && draft.state().mustGo().isEmpty();
    }

    /**
     * A create waits for the return of its region, but not for ever, though the board may list it: then the others wait
     * for this node, but the rest of this node does not. What it left there goes when the region is back.
     */
    static List<Reason> withoutRegion(Draft draft, RegionState region, LockspaceState lockspace) {
        long sinceNs = lockspace.reasons().stream()
                .filter(reason -> reason.code() == ReasonCode.REGION_STARTING)
                .mapToLong(Reason::sinceNs)
                .findFirst()
                .orElse(draft.state().nowNs());
        if (draft.due().reached(sinceNs + LONGEST_WAIT_FOR_A_REGION_NS)) {
            refuse(draft, lockspace, ENODEV);
        }
        return List.of(draft.reason(ReasonCode.REGION_STARTING, region.trouble()));
    }

    private static List<Reason> waits(Draft draft, RegionState region, LockspaceState lockspace) {
        State state = draft.state();
        if (!region.present()) {
            return withoutRegion(draft, region, lockspace);
        }
        if (!region.hasBoard()) {
            return List.of(draft.reason(ReasonCode.NO_BOARD, region.trouble()));
        }
        if (!region.slot(state.facts().self()).isLive()) {
            return List.of(draft.reason(ReasonCode.OWN_HEARTBEAT_UNSEEN, region.trouble()));
        }
        // Whoever joins stops those that run, so it does not begin what a block that cannot be read would not let end.
        SortedArraySet<NodeNumber> unread = Candidate.unread(state, region, lockspace);
        StringBuilder why = new StringBuilder(region.trouble());
        for (NodeNumber other : state.facts().others()) {
            String trouble = region.block(other).trouble();
            if (!trouble.isEmpty()) {
                unread = unread.with(other);
                why.append(why.length() == 0 ? "" : "; ")
                        .append("block of node ")
                        .append(other);
                why.append(' ').append(trouble);
            }
        }
        if (!unread.isEmpty()) {
            return List.of(draft.reason(ReasonCode.BOARD_UNREAD, unread, why.toString()));
        }
        return SettingsCheck.reasons(draft, region);
    }
}
