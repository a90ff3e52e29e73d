// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import java.util.EnumMap;
import java.util.Map;

/** How often a fault of each kind met a lockspace at each step. */
public final class Pairs {
    private final Map<FaultKind, Map<Step, Long>> counts = new EnumMap<>(FaultKind.class);

    void count(FaultKind kind, Step step) {
        add(kind, step, 1);
    }

    private void add(FaultKind kind, Step step, long more) {
        counts.computeIfAbsent(kind, k -> new EnumMap<>(Step.class)).merge(step, more, Long::sum);
    }

    /** Adds another's counts. */
    public synchronized void add(Pairs other) {
        other.counts.forEach((kind, steps) -> steps.forEach((step, more) -> add(kind, step, more)));
    }

    /** {@return how often} */
    public synchronized long of(FaultKind kind, Step step) {
        return counts.getOrDefault(kind, Map.of()).getOrDefault(step, 0L);
    }
}
