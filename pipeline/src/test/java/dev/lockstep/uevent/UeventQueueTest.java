// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.uevent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.LockspaceName;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class UeventQueueTest {
    private int wakes;
    private final UeventQueue queue = new UeventQueue(3, () -> wakes++);

    @Test
    void oneOverflowStandsWhereSignalsAreMissing() {
        StepVerifier.create(flux(), 0)
                .then(() -> offer(1, 2, 3, 4, 5))
                .thenRequest(1)
                .then(queue::drain)
                .then(() -> offer(6))
                .thenRequest(10)
                .then(queue::drain)
                .expectNext(signal(1), signal(2), signal(3), overflow(), signal(6))
                .then(() -> offer(7))
                .expectNext(signal(7))
                .thenCancel()
                .verify();
    }

    @Test
    void anOverflowIsToldWithoutWaitingForTheNextSignal() {
        StepVerifier.create(flux(), 0)
                .then(() -> offer(1, 2, 3, 4))
                .thenRequest(4)
                .then(queue::drain)
                .expectNext(signal(1), signal(2), signal(3), overflow())
                .thenCancel()
                .verify();
    }

    @Test
    void aRequestOnlyWakesTheSource() {
        offer(1);
        StepVerifier.create(flux(), 0)
                .then(() -> wakes = 0)
                .thenRequest(1)
                .then(() -> assertThat(wakes).isEqualTo(1))
                .then(queue::drain)
                .expectNext(signal(1))
                .then(queue::complete)
                .verifyComplete();
    }

    @Test
    void aCancelledSubscriberGetsNothingMore() {
        StepVerifier.create(flux())
                .then(() -> offer(1))
                .expectNext(signal(1))
                .thenCancel()
                .verify();

        offer(2);
        queue.fail(new IllegalStateException("late"));
        assertThat(queue.isCancelled()).isTrue();
    }

    private void offer(int... numbers) {
        IntStream.of(numbers).forEach(n -> queue.offer(signal(n)));
        queue.drain();
    }

    private static UeventSignal signal(int number) {
        return new UeventSignal.Received(new Uevent(Uevent.Action.ONLINE, new LockspaceName("ls" + number)));
    }

    private static UeventSignal overflow() {
        return new UeventSignal.Overflow("own queue is full");
    }

    private Flux<UeventSignal> flux() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super UeventSignal> actual) {
                queue.attach(actual);
            }
        };
    }
}
