// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import dev.lockstep.core.LockspaceState;
import dev.lockstep.core.State;
import dev.lockstep.domain.LockspaceName;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How often which fault met which phase of a lockspace on the node it befell. */
public final class Coverage {

    /** Where a lockspace stood. */
    public enum At {
        /** No agent, or the agent does not have it. */
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
        LEAVING
    }

    private final Map<FaultKind, Map<At, Long>> counts = new EnumMap<>(FaultKind.class);

    void count(FaultKind kind, Optional<State> state, List<LockspaceName> lockspaces) {
        for (LockspaceName name : lockspaces) {
            add(kind, state.map(s -> s.lockspaces().get(name)).map(Coverage::of).orElse(At.ABSENT), 1L);
        }
    }

    private void add(FaultKind kind, At at, long more) {
        counts.computeIfAbsent(kind, k -> new EnumMap<>(At.class)).merge(at, more, Long::sum);
    }

    private static At of(LockspaceState lockspace) {
        if (lockspace.phase().isEmpty()) {
            return At.BORN;
        }
        return switch (lockspace.phase().get()) {
            case JOINING -> At.JOINING;
            case STOPPED -> At.STOPPED;
            case STARTED -> lockspace.kernel().recovered() ? At.RUNNING : At.RECOVERING;
            case LEAVING -> At.LEAVING;
        };
    }

    /** Adds another's counts. */
    public synchronized void add(Coverage other) {
        other.counts.forEach((kind, phases) -> phases.forEach((at, more) -> add(kind, at, more)));
    }

    /** {@return how often} */
    public synchronized long of(FaultKind kind, At at) {
        return counts.getOrDefault(kind, Map.of()).getOrDefault(at, 0L);
    }
}
