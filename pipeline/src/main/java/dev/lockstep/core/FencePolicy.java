// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.core.ClusterFacts.FenceMode;

/**
 * How death is proven, and who makes a node go.
 *
 * @param mode what makes a TIMEOUT a proof
 * @param commandTimeoutNs how long one run of the fence command may take
 * @param agentDeadAfterNs how long a live node's agent may leave others waiting; {@link #NEVER_DEAD} for ever
 */
public record FencePolicy(FenceMode mode, long commandTimeoutNs, long agentDeadAfterNs) {
    /** An agent may be dead for ever. */
    public static final long NEVER_DEAD = Long.MAX_VALUE;

    private static final long DEFAULT_COMMAND_TIMEOUT_NS = 60_000_000_000L;

    public FencePolicy {
        if (commandTimeoutNs <= 0 || agentDeadAfterNs <= 0) {
            throw new IllegalArgumentException("fence command timeout of " + commandTimeoutNs
                    + " ns, agents dead after " + agentDeadAfterNs + " ns");
        }
    }

    /** {@return a policy with the defaults of its mode} */
    public static FencePolicy of(FenceMode mode) {
        return new FencePolicy(mode, DEFAULT_COMMAND_TIMEOUT_NS, NEVER_DEAD);
    }

    boolean agentsMayBeDeadForEver() {
        return agentDeadAfterNs == NEVER_DEAD;
    }
}
