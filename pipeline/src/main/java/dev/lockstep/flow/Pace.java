// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * When to read: now and then while all is quiet, often while a change is open, at once when asked. Told and asked on
 * the timer's thread only.
 */
final class Pace {
    private final Sinks.Many<Boolean> changeOpen = Sinks.many().replay().latestOrDefault(false);
    /** Keeps nothing: before anybody listens, whatever is asked is answered by the first beat. */
    private final Sinks.Many<Long> asked = Sinks.many().multicast().directBestEffort();

    private final Duration quiet;
    private final Duration open;
    private final Scheduler timer;
    private boolean isOpen;

    Pace(Duration quiet, Duration open, Scheduler timer) {
        this.quiet = quiet;
        this.open = open;
        this.timer = timer;
    }

    /** Says whether a change is open. */
    void changeOpen(boolean now) {
        if (now != isOpen) {
            isOpen = now;
            Emit.to(changeOpen, now);
        }
    }

    /** Asks for a read. */
    void now() {
        Emit.to(asked, 0L);
    }

    /**
     * {@return beats, the first at once}
     *
     * <p>One subscriber. Emits on the timer. Beats that meet no demand become one, which follows when there is some, so
     * whoever asks during a read gets another read after it.
     */
    Flux<Long> beats() {
        Flux<Long> paced = changeOpen
                .asFlux()
                .switchMap(now ->
                        Flux.interval(Duration.ZERO, now ? open : quiet, timer).onBackpressureDrop());
        return Flux.merge(paced, asked.asFlux()).onBackpressureLatest();
    }
}
