// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.core.State;
import dev.lockstep.port.BootClock;
import dev.lockstep.runtime.ServiceNotifier;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Feeds the service manager's watchdog, and only while the core moves: a core that hangs must be seen by whoever can
 * restart the agent.
 */
final class Liveness {
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);
    private static final Duration STALL = Duration.ofSeconds(10);

    private final ServiceNotifier notifier;
    private final Supplier<State> state;
    private final BootClock clock;

    Liveness(ServiceNotifier notifier, Supplier<State> state, BootClock clock) {
        this.notifier = notifier;
        this.state = state;
        this.clock = clock;
    }

    void untilStopped(ShutdownSignals signals) {
        Duration look = notifier.watchdogTimeout()
                .map(timeout -> timeout.dividedBy(2))
                .filter(half -> half.compareTo(LONGEST_LOOK) < 0)
                .orElse(LONGEST_LOOK);
        while (!signals.awaitAtMost(look)) {
            if (clock.nowNs() - state.get().nowNs() < STALL.toNanos()) {
                notifier.alive();
            }
        }
    }
}
