// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.LockspaceName;
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

    /** Mutations only count once nothing is left to decide. */
    List<Mutation> mutations() {
        return decisions.isEmpty() ? mutations : List.of();
    }

    /** Sets why the lockspace waits; a reason that was there before keeps its age. */
    void waits(LockspaceState lockspace, List<Reason> now) {
        if (now.isEmpty() && lockspace.reasons().isEmpty()) {
            return;
        }
        List<Reason> aged = new ArrayList<>();
        for (Reason reason : now) {
            aged.add(new Reason(reason.code(), reason.nodes(), reason.detail(), sinceNs(lockspace, reason)));
        }
        if (!aged.equals(lockspace.reasons())) {
            decide(new Decision.Waits(lockspace.name(), aged));
        }
    }

    private long sinceNs(LockspaceState lockspace, Reason reason) {
        for (Reason old : lockspace.reasons()) {
            if (old.code() == reason.code()) {
                return old.sinceNs();
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

    static List<Reason> one(Reason reason) {
        return List.of(reason);
    }

    static String named(LockspaceName name) {
        return "lockspace " + name;
    }
}
