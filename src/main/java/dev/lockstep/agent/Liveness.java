// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.core.State;
import dev.lockstep.port.BootClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the service manager's watchdog, and only while the core moves and knows what runs: a core that hangs must be
 * seen by whoever can restart the agent, and so must one that never gets as far as its first reading. One thread.
 */
final class Liveness {
    private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);
    private static final Duration STALL = Duration.ofSeconds(10);

    /** A start takes less than a second where nothing hangs. */
    private static final Duration LONG_START = Duration.ofSeconds(10);

    private final Runnable feed;
    private final Supplier<State> state;
    private final BootClock clock;
    private final Path memory;
    private final long beganNs;
    private boolean toldOfTheStart;

    /**
     * @param feed tells the service manager that progress was made
     * @param state the core's newest state
     * @param clock CLOCK_BOOTTIME
     * @param memory where on a disk the core's memory is read from
     */
    Liveness(Runnable feed, Supplier<State> state, BootClock clock, Path memory) {
        this.feed = feed;
        this.state = state;
        this.clock = clock;
        this.memory = memory;
        this.beganNs = clock.nowNs();
    }

    /**
     * Looks often enough until the end.
     *
     * @param endsWithin waits; whether the end came within that time
     * @param timeout how long the service manager waits, if it does
     */
    void untilStopped(Predicate<Duration> endsWithin, Optional<Duration> timeout) {
        Duration look = timeout.map(time -> time.dividedBy(2))
                .filter(half -> half.compareTo(LONGEST_LOOK) < 0)
                .orElse(LONGEST_LOOK);
        while (!endsWithin.test(look)) {
            look();
        }
    }

    void look() {
        State now = state.get();
        long nowNs = clock.nowNs();
        if (now.started()) {
            if (nowNs - now.nowNs() < STALL.toNanos()) {
                feed.run();
            }
        } else if (!toldOfTheStart && nowNs - beganNs >= LONG_START.toNanos()) {
            toldOfTheStart = true;
            LOG.warn(
                    "The start waits: {} and the kernel's lockspaces are not both read after {} s; until they are,"
                            + " nothing is decided and no watchdog fed",
                    memory,
                    LONG_START.toSeconds());
        }
    }
}
