// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Decision;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A plan in the making. Confined to one call of plan. */
final class Draft {

    private final State state;
    private final Due due;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Mutation> mutations = new ArrayList<>();

    Draft(State state) {
        this.state = state;
        due = new Due(state.nowNs());
    }

    State state() {
        return state;
    }

    /** Whoever compares anything with the time of now does it by this. */
    Due due() {
        return due;
    }

    void decide(Decision decision) {
        decisions.add(decision);
    }

    void mutate(Mutation mutation) {
        mutations.add(mutation);
    }

    List<Decision> decisions() {
        return decisions;
    }

    /** Mutations only count once nothing is left to decide but why to wait. */
    List<Mutation> mutations() {
        return Planned.onlyWaits(decisions) ? mutations : List.of();
    }

    /** Sets why the lockspace waits; a reason that was there before keeps its age. */
    void waits(LockspaceState lockspace, List<Reason> now) {
        if (now.isEmpty() && lockspace.reasons().isEmpty()) {
            return;
        }
        if (areKnown(lockspace.reasons(), now)) {
            return;
        }
        List<Reason> aged = new ArrayList<>();
        for (Reason reason : now) {
            aged.add(new Reason(
                    reason.code(), reason.nodes(), reason.detail(), sinceNs(lockspace.reasons(), reason.code())));
        }
        if (!aged.equals(lockspace.reasons())) {
            decide(new Decision.Waits(lockspace.name(), aged));
        }
    }

    /** Mostly they are, and nothing has to be made to see it. */
    private boolean areKnown(List<Reason> known, List<Reason> now) {
        if (known.size() != now.size()) {
            return false;
        }
        for (int i = 0; i < known.size(); i++) {
            Reason was = known.get(i);
            Reason is = now.get(i);
            if (was.code() != is.code()
                    || !was.detail().equals(is.detail())
                    || !was.nodes().equals(is.nodes())
                    || sinceNs(known, is.code()) != was.sinceNs()) {
                return false;
            }
        }
        return true;
    }

    private long sinceNs(List<Reason> known, ReasonCode code) {
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).code() == code) {
                return known.get(i).sinceNs();
            }
        }
        return state.nowNs();
    }

    Reason reason(ReasonCode code, String detail) {
        return Reason.of(code, detail, state.nowNs());
    }

    Reason reason(ReasonCode code, Collection<NodeNumber> nodes, String detail) {
        return Reason.of(code, nodes, detail, state.nowNs());
    }
}
