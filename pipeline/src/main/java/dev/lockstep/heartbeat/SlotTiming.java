// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.heartbeat;

/**
 * When silence is death.
 *
 * @param deadThreshold T: counted scans without a change
 * @param silenceNs time since the last observed change that must have passed as well, margin included
 */
public record SlotTiming(int deadThreshold, long silenceNs) {

    /** {@return the timing of design rule c: T counted scans and max(hb_dead_ms, T × period) plus a margin} */
    public static SlotTiming of(int deadThreshold, long periodNs, long deadMs, long marginNs) {
        long threshold = Math.max(Math.multiplyExact(deadThreshold, periodNs), deadMs * 1_000_000L);
        return new SlotTiming(deadThreshold, Math.addExact(threshold, marginNs));
    }
}
