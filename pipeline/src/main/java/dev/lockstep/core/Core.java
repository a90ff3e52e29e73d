// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Memory;

/**
 * The pure core's two functions, and the one derived value that outlives an agent. No clock, I/O or randomness: the
 * same state and evidence always give the same result, so a simulator can run them a million times. Not tied to a
 * thread, but one state has one owner.
 */
public final class Core {

    private Core() {}

    /** {@return the state before any evidence} */
    public static State initial(ClusterFacts facts) {
        return State.initial(facts);
    }

    /** {@return what {@code evidence} makes of {@code state}} */
    public static Observed observe(State state, Evidence evidence) {
        return Observe.apply(state, evidence);
    }

    /** {@return what shall happen in {@code scope} now} */
    public static Planned plan(State state, Scope scope) {
        return Plan.of(state, scope);
    }

    /** {@return what a successor agent has to know; save it whenever it changed, and before every Start} */
    public static Memory memory(State state) {
        return Recall.memoryOf(state);
    }
}
