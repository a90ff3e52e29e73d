// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.core.ClusterFacts.FenceMode;

/**
 * How death is proven, and who makes a node go.
 *
 * @param mode what makes a TIMEOUT a proof
 * @param commandTimeoutNs how long one run of the fence command may take
 * @param agentDeadAfterNs how long a live node's agent may leave others waiting; {@link #NEVER}: for ever
 * @param splitVerdictAfterNs how long a verdict over a split network must stand until its losers go; {@link #NEVER}:
 *     it is only shown
 */
public record FencePolicy(FenceMode mode, long commandTimeoutNs, long agentDeadAfterNs, long splitVerdictAfterNs) {
    /** A wait without an end. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final long DEFAULT_COMMAND_TIMEOUT_NS = 60_000_000_000L;

    public FencePolicy {
        if (commandTimeoutNs <= 0 || agentDeadAfterNs <= 0 || splitVerdictAfterNs <= 0) {
            throw new IllegalArgumentException("fence command timeout of " + commandTimeoutNs
                    + " ns, agents dead after " + agentDeadAfterNs + " ns, split verdict after " + splitVerdictAfterNs
                    + " ns");
        }
    }

    /** {@return a policy with the defaults of its mode} */
    public static FencePolicy of(FenceMode mode) {
        return new FencePolicy(mode, DEFAULT_COMMAND_TIMEOUT_NS, NEVER, NEVER);
    }

    boolean agentsMayBeDeadForEver() {
        return agentDeadAfterNs == NEVER;
    }
}
