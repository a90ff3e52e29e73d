// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.evidence.Evidence.BoardScanned;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Holds back a board reading that brings nothing but nodes that ask to join, until the board was quiet for a moment or
 * the first of them has waited long enough, so that nodes that come together get one epoch. Everything else passes at
 * once and supersedes what is held; the newest reading is always passed on in the end.
 *
 * <p>One instance per subscription; the readings must come on the timer's thread.
 */
final class BoardDebounce implements Function<Flux<BoardScanned>, Publisher<BoardScanned>> {
    private final Duration quiet;
    private final Duration atMost;
    private final Scheduler timer;
    private @Nullable BoardScanned passed;
    private @Nullable BoardScanned held;
    private long heldSinceNs;
    private long quietFromNs;

    BoardDebounce(Duration quiet, Duration atMost, Scheduler timer) {
        this.quiet = quiet;
        this.atMost = atMost;
        this.timer = timer;
    }

    @Override
    public Publisher<BoardScanned> apply(Flux<BoardScanned> readings) {
        return readings.switchMap(reading -> {
                    Duration wait = waitFor(reading);
                    return wait.isZero()
                            ? Mono.just(reading)
                            : Mono.delay(wait, timer).thenReturn(reading);
                })
                .doOnNext(reading -> {
                    passed = reading;
                    held = null;
                });
    }

    private Duration waitFor(BoardScanned reading) {
        BoardScanned last = passed;
        if (last == null || !BoardNews.onlyJoiners(last, reading)) {
            return Duration.ZERO;
        }
        long nowNs = timer.now(TimeUnit.NANOSECONDS);
        BoardScanned waiting = held;
        if (waiting == null) {
            heldSinceNs = nowNs;
        }
        // A reading that repeats the one held is not a further joiner.
        if (waiting == null || BoardNews.onlyJoiners(waiting, reading)) {
            quietFromNs = nowNs;
        }
        held = reading;
        long untilNs = Math.min(quietFromNs + quiet.toNanos(), heldSinceNs + atMost.toNanos());
        return Duration.ofNanos(Math.max(0, untilNs - nowNs));
    }
}
