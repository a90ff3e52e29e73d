// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import dev.lockstep.core.LockspaceState;
import dev.lockstep.core.State;
import dev.lockstep.domain.LockspaceName;

/** Where a lockspace stands on a node, as its agent sees it, or last saw it. */
public enum Step {
    /** The agent does not have it. */
    ABSENT,
    /** Known, and not reported yet. */
    BORN,
    /** Reported as JOINING. */
    JOINING,
    /** STOPPED for an epoch. */
    STOPPED,
    /** STARTED, and its recovery has not ended. */
    RECOVERING,
    /** STARTED and recovered. */
    RUNNING,
    /** LEAVING. */
    LEAVING;

    private static final Step[] ALL = values();

    static Step of(State state, LockspaceName name) {
        LockspaceState lockspace = state.lockspaces().get(name);
        if (lockspace == null) {
            return ABSENT;
        }
        if (lockspace.phase().isEmpty()) {
            return BORN;
        }
        return switch (lockspace.phase().get()) {
            case JOINING -> JOINING;
            case STOPPED -> STOPPED;
            case STARTED -> lockspace.kernel().recovered() ? RUNNING : RECOVERING;
            case LEAVING -> LEAVING;
        };
    }

    static Step any(Dice dice) {
        return ALL[dice.below(ALL.length)];
    }
}
