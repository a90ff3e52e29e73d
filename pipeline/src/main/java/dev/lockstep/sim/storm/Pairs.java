// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

/** How often a fault of each kind met a lockspace at each step. */
public final class Pairs {
    private static final int STEPS = Step.values().length;

    private final long[] counts = new long[FaultKind.values().length * STEPS];

    void count(FaultKind kind, Step step) {
        counts[kind.ordinal() * STEPS + step.ordinal()]++;
    }

    /** Adds another's counts. */
    public synchronized void add(Pairs other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
    }

    /** {@return how often} */
    public synchronized long of(FaultKind kind, Step step) {
        return counts[kind.ordinal() * STEPS + step.ordinal()];
    }
}
