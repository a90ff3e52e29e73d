// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.core.ClusterFacts.FenceMode;

/**
 * How death is proven, and who makes a node go.
 *
 * @param mode what makes a TIMEOUT a proof
 * @param commandTimeoutNs how long one run of the fence command may take
 */
public record FencePolicy(FenceMode mode, long commandTimeoutNs) {
    private static final long DEFAULT_COMMAND_TIMEOUT_NS = 60_000_000_000L;

    public FencePolicy {
        if (commandTimeoutNs <= 0) {
            throw new IllegalArgumentException("fence command timeout of " + commandTimeoutNs + " ns");
        }
    }

    /** {@return a policy with the defaults of its mode} */
    public static FencePolicy of(FenceMode mode) {
        return new FencePolicy(mode, DEFAULT_COMMAND_TIMEOUT_NS);
    }
}
