// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import java.time.Duration;

/**
 * The shell's own times; none of them decides anything. Copy-on-write.
 *
 * @param tick how often it is looked for plans that are due
 * @param openPoll how often a board is read while a change is open in its region
 * @param quiet how long a board must bring no further joiner before its joiners are passed on
 * @param quietAtMost how long joiners are held back at most
 * @param recoveryPoll how often recover_status is read of lockspaces that recover
 * @param runningPoll how often of all others
 * @param kernelPoll how often the whole kernel is read
 * @param retryAtLeast the first pause after a failed read, write or open; doubles
 * @param retryAtMost the longest; of a region's calls half a heartbeat period, if that is shorter
 */
public record FlowSettings(
        Duration tick,
        Duration openPoll,
        Duration quiet,
        Duration quietAtMost,
        Duration recoveryPoll,
        Duration runningPoll,
        Duration kernelPoll,
        Duration retryAtLeast,
        Duration retryAtMost) {

    /** What the agent runs with. */
    public static final FlowSettings DEFAULT = new FlowSettings(
            Duration.ofMillis(250),
            Duration.ofMillis(100),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(5));

    public FlowSettings {
        // A retry whose bounds are crossed fails at the first failure, not when it is made.
        if (retryAtLeast.compareTo(retryAtMost) > 0 || quiet.compareTo(quietAtMost) > 0) {
            throw new IllegalArgumentException("bounds are crossed: retry " + retryAtLeast + " to " + retryAtMost
                    + ", quiet " + quiet + " to " + quietAtMost);
        }
        for (Duration each :
                new Duration[] {tick, openPoll, quiet, recoveryPoll, runningPoll, kernelPoll, retryAtLeast}) {
            if (each.isNegative() || each.isZero()) {
                throw new IllegalArgumentException("a time that is not positive: " + each);
            }
        }
    }
}
