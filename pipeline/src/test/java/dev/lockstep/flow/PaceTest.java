// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

final class PaceTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Pace pace = new Pace(Duration.ofSeconds(2), Duration.ofMillis(100), time);
    private final List<Long> beatsMs = new ArrayList<>();

    private void subscribe(Flux<Long> beats) {
        beats.subscribe(beat -> beatsMs.add(time.now(TimeUnit.MILLISECONDS)));
    }

    @Test
    void quietItBeatsAtTheSlowPaceAndOpenAtTheFastOne() {
        subscribe(pace.beats());
        time.advanceTimeBy(Duration.ofSeconds(3));
        pace.changeOpen(true);
        pace.changeOpen(true);
        time.advanceTimeBy(Duration.ofMillis(250));

        assertThat(beatsMs).containsExactly(0L, 2000L, 3000L, 3100L, 3200L);
    }

    @Test
    void askedItBeatsAtOnce() {
        subscribe(pace.beats());
        time.advanceTimeBy(Duration.ofMillis(1500));
        pace.now();

        assertThat(beatsMs).containsExactly(0L, 1500L);
    }

    @Test
    void whatIsAskedDuringAReadBecomesOneReadAfterIt() {
        subscribe(pace.beats()
                .concatMap(beat -> Mono.delay(Duration.ofSeconds(1), time).thenReturn(beat), 0));
        pace.now();
        pace.now();
        pace.now();
        time.advanceTimeBy(Duration.ofMillis(1999));
        assertThat(beatsMs).containsExactly(1000L);

        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(beatsMs).containsExactly(1000L, 2000L);
    }

    @Test
    void whateverIsAskedBeforeAnybodyListensIsTheFirstBeat() {
        for (int i = 0; i < 1_000; i++) {
            pace.now();
        }
        subscribe(pace.beats());
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(beatsMs).containsExactly(0L);
    }

    @Test
    void withoutDemandNothingFailsAndNothingIsQueued() {
        BaseSubscriber<Long> stuck = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

            @Override
            protected void hookOnNext(Long beat) {
                beatsMs.add(beat);
            }
        };
        pace.beats().subscribe(stuck);
        pace.changeOpen(true);
        time.advanceTimeBy(Duration.ofMinutes(1));

        stuck.request(10);

        assertThat(beatsMs).hasSize(1);
        assertThat(stuck.isDisposed()).isFalse();
    }
}
