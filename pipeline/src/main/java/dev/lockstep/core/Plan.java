// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.RegionId;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** plan(state, scope): what shall happen now. */
final class Plan {

    private static final Planned NOTHING = new Planned(List.of(), List.of(), Optional.empty(), false, Planned.NEVER);

    private Plan() {}

    static Planned of(State state, Scope scope) {
        if (!state.started()) {
            return NOTHING;
        }
        return scope instanceof Scope.OfRegion ofRegion ? region(state, ofRegion.region()) : node(state);
    }

    private static Planned node(State state) {
        Draft draft = new Draft(state);
        NodePlan.plan(draft);
        for (LockspaceState lockspace : state.lockspaces().values()) {
            if (guardOf(state, lockspace).isEmpty()) {
                draft.waits(lockspace, Admission.unguarded(draft, lockspace));
            }
        }
        return new Planned(
                draft.decisions(),
                draft.mutations(),
                Optional.empty(),
                false,
                draft.due().nextNs());
    }

    private static Planned region(State state, RegionId id) {
        RegionState region = state.regions().get(id);
        if (region == null) {
            return NOTHING;
        }
        Draft draft = new Draft(state);
        for (LockspaceState lockspace : state.lockspaces().values()) {
            if (!isGuardedBy(state, lockspace, id)) {
                continue;
            }
            if (Admission.isStranded(draft, region, lockspace)) {
                draft.waits(lockspace, Admission.withoutRegion(draft, region, lockspace));
            } else {
                LockspacePlan.plan(draft, region, lockspace);
            }
        }
        Optional<Report> report = Planned.onlyWaits(draft.decisions()) ? Reports.due(state, region) : Optional.empty();
        return new Planned(
                draft.decisions(),
                draft.mutations(),
                report,
                report.isPresent() || changeOpen(state, region),
                draft.due().nextNs());
    }

    /** {@return the region that decides the lockspace's liveness: where it stands on the board, else by the rules} */
    static Optional<RegionId> guardOf(State state, LockspaceState lockspace) {
        if (lockspace.guard().isPresent()) {
            return lockspace.guard();
        }
        if (LostGuard.of(state, lockspace).isPresent()) {
            return Optional.empty(); // another one that the rules name now would not be the one that it ran by
        }
        SortedSet<RegionId> usable = state.usableRegions();
        return state.facts()
                .guards()
                .guardOf(lockspace.name(), usable, state.namedRegions())
                .filter(region -> usable.contains(region));
    }

    static boolean isGuardedBy(State state, LockspaceState lockspace, RegionId region) {
        Optional<RegionId> guard = guardOf(state, lockspace);
        return guard.isPresent() && guard.get().equals(region);
    }

    private static boolean changeOpen(State state, RegionState region) {
        boolean unpublished = !region.submitted().equals(region.published());
        if (unpublished) {
            return true;
        }
        for (LockspaceState lockspace : state.lockspaces().values()) {
            if (changing(lockspace) && isGuardedBy(state, lockspace, region.id())) {
                return true;
            }
        }
        return false;
    }

    private static boolean changing(LockspaceState lockspace) {
        boolean settled = lockspace.in(Phase.STARTED)
                && lockspace.kernel().inFlight().isEmpty()
                && lockspace.unanswered().isEmpty()
                && lockspace.kernel().recovered();
        return !settled && lockspace.kernel().present();
    }
}
