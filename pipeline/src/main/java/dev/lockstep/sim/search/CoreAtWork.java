// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.Report;
import dev.lockstep.core.Core;
import dev.lockstep.core.Observed;
import dev.lockstep.core.Planned;
import dev.lockstep.core.Scope;
import dev.lockstep.core.State;
import dev.lockstep.evidence.Decision;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Mutation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The production core of one agent for the length of one event: takes evidence, and plans until nothing more follows.
 * What it orders goes to its host.
 */
final class CoreAtWork {
    private static final int MOST_ROUNDS = 1000;

    /** Who carries out what the core orders. */
    interface Host {
        /** A mutation of the node's lane, or one that only the own lockspace sees, is carried out at once. */
        boolean isAtOnce(Mutation mutation);

        /** Carries one out and feeds the result. */
        void carryOut(Mutation mutation);

        /** Takes a report that shall be on disk. */
        void due(Report report);
    }

    private final Host host;
    private final Set<Scope> dirty = new LinkedHashSet<>();
    private State state;
    private long nowNs;
    private boolean settling;

    CoreAtWork(Host host, State state, long nowNs) {
        this.host = host;
        this.state = state;
        this.nowNs = nowNs;
    }

    State state() {
        return state;
    }

    long nowNs() {
        return nowNs;
    }

    /** {@return a moment after every other} */
    long tick() {
        return ++nowNs;
    }

    void pass(long ns) {
        nowNs += ns;
    }

    /** Observes, and plans whatever that makes worth a plan. */
    void feed(Evidence evidence) {
        observe(evidence);
        settle();
    }

    void observe(Evidence evidence) {
        Observed observed = Core.observe(state, evidence);
        state = observed.state();
        dirty.addAll(evidence instanceof Evidence.Tick ? Core.scopes(state) : observed.dirty());
    }

    private void settle() {
        if (settling) {
            return; // what is fed while it settles is planned by the same loop
        }
        settling = true;
        for (int round = 0; !dirty.isEmpty(); round++) {
            if (round == MOST_ROUNDS) {
                throw new IllegalStateException("never settles: " + dirty);
            }
            Scope scope = dirty.iterator().next();
            dirty.remove(scope);
            plan(scope);
        }
        settling = false;
    }

    private void plan(Scope scope) {
        Planned planned = Core.plan(state, scope);
        decide(planned);
        for (int round = 1; !planned.isFinal(); round++) {
            if (round == MOST_ROUNDS) {
                throw new IllegalStateException("the plan never settles: " + planned.decisions());
            }
            planned = Core.plan(state, scope);
            decide(planned);
        }
        List<Mutation> atOnce = new ArrayList<>();
        for (Mutation mutation : planned.mutations()) {
            observe(new Evidence.Dispatched(tick(), mutation));
            if (host.isAtOnce(mutation)) {
                atOnce.add(mutation);
            }
        }
        planned.report().ifPresent(host::due);
        atOnce.forEach(host::carryOut);
    }

    private void decide(Planned planned) {
        for (Decision decision : planned.decisions()) {
            observe(new Evidence.Decided(tick(), decision));
        }
    }
}
