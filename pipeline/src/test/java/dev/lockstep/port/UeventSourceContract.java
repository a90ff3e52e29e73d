// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.uevent.Uevent;
import dev.lockstep.uevent.UeventSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/** What every source of uevents keeps to. Other events of the machine may come in between; tests look at their own. */
public interface UeventSourceContract {

    /** Long enough for a busy machine; only a failing test waits for it. */
    Duration PATIENCE = Duration.ofSeconds(20);

    /** One opened source and the way to make uevents arrive at it. */
    interface Fixture extends AutoCloseable {
        /** {@return the source under test, with a queue of {@link #capacity()}} */
        UeventSource source();

        /** Makes the kernel, or what stands for it, send an event. */
        void send(Uevent.Action action, LockspaceName lockspace) throws Exception;

        /** {@return how many signals the source queues for a subscriber without demand} */
        int capacity();

        /** {@return a lockspace name that no other test uses} */
        LockspaceName name(int number);

        @Override
        void close();
    }

    /** {@return an opened source, nobody subscribed yet} */
    Fixture open() throws Exception;

    @Test
    default void deliversEveryEventInItsOrderFromTheMomentItWasOpened() throws Exception {
        try (Fixture fixture = open()) {
            fixture.send(Uevent.Action.ADD, fixture.name(0));
            fixture.send(Uevent.Action.ONLINE, fixture.name(0));
            Collector collector = new Collector(fixture, Long.MAX_VALUE);
            fixture.send(Uevent.Action.OFFLINE, fixture.name(0));
            fixture.send(Uevent.Action.REMOVE, fixture.name(0));

            assertThat(collector.take(4))
                    .containsExactly(
                            received(Uevent.Action.ADD, fixture.name(0)),
                            received(Uevent.Action.ONLINE, fixture.name(0)),
                            received(Uevent.Action.OFFLINE, fixture.name(0)),
                            received(Uevent.Action.REMOVE, fixture.name(0)));
        }
    }

    @Test
    default void emitsOnOneThreadOfItsOwn() throws Exception {
        try (Fixture fixture = open()) {
            Collector collector = new Collector(fixture, Long.MAX_VALUE);
            fixture.send(Uevent.Action.ONLINE, fixture.name(0));
            fixture.send(Uevent.Action.OFFLINE, fixture.name(0));
            collector.take(2);

            assertThat(collector.threads).hasSize(1).doesNotContain(Thread.currentThread());
        }
    }

    @Test
    default void keepsEventsWhileDemandIsShort() throws Exception {
        try (Fixture fixture = open()) {
            Collector collector = new Collector(fixture, 0);
            for (int i = 0; i < fixture.capacity() / 2; i++) {
                fixture.send(Uevent.Action.ONLINE, fixture.name(i));
            }
            for (int i = 0; i < fixture.capacity() / 2; i++) {
                collector.request(1);
                assertThat(collector.take(1)).containsExactly(received(Uevent.Action.ONLINE, fixture.name(i)));
            }
        }
    }

    @Test
    default void whatDoesNotFitBecomesOneOverflowAndThenItGoesOn() throws Exception {
        try (Fixture fixture = open()) {
            Collector collector = new Collector(fixture, 0);
            List<UeventSignal> signals = new ArrayList<>();
            // More is sent than asked for, so that the queue must overflow however far the source's thread lags behind.
            while (signals.stream().noneMatch(UeventSignal.Overflow.class::isInstance)) {
                for (int i = 0; i < fixture.capacity() * 3; i++) {
                    fixture.send(Uevent.Action.ONLINE, fixture.name(i));
                }
                collector.request(fixture.capacity() + 1);
                signals.addAll(collector.take(fixture.capacity() + 1));
            }
            collector.request(Long.MAX_VALUE);
            fixture.send(Uevent.Action.REMOVE, fixture.name(7));

            assertThat(signals).startsWith(received(Uevent.Action.ONLINE, fixture.name(0)));
            assertThat(collector.takeUntil(received(Uevent.Action.REMOVE, fixture.name(7))))
                    .endsWith(received(Uevent.Action.REMOVE, fixture.name(7)));
        }
    }

    @Test
    default void closingCompletesTheStream() throws Exception {
        Collector collector;
        try (Fixture fixture = open()) {
            collector = new Collector(fixture, 1);
        }
        assertThat(collector.end()).isEqualTo(SignalType.ON_COMPLETE);
    }

    @Test
    default void takesOneSubscriberAtATime() throws Exception {
        try (Fixture fixture = open()) {
            Collector first = new Collector(fixture, Long.MAX_VALUE);
            Collector second = new Collector(fixture, Long.MAX_VALUE);

            assertThat(second.end()).isEqualTo(SignalType.ON_ERROR);
            fixture.send(Uevent.Action.ONLINE, fixture.name(0));
            assertThat(first.take(1)).containsExactly(received(Uevent.Action.ONLINE, fixture.name(0)));
        }
    }

    @Test
    default void reopensForANewSubscriberAndSaysThatEventsWereMissed() throws Exception {
        try (Fixture fixture = open()) {
            Collector first = new Collector(fixture, Long.MAX_VALUE);
            first.cancel();
            fixture.send(Uevent.Action.ONLINE, fixture.name(0));

            Collector second = new Collector(fixture, Long.MAX_VALUE);
            fixture.send(Uevent.Action.OFFLINE, fixture.name(1));

            assertThat(second.takeUntil(received(Uevent.Action.OFFLINE, fixture.name(1))))
                    .hasAtLeastOneElementOfType(UeventSignal.Overflow.class);
        }
    }

    private static UeventSignal received(Uevent.Action action, LockspaceName name) {
        return new UeventSignal.Received(new Uevent(action, name));
    }

    /** Collects the signals that are the test's own. */
    final class Collector extends BaseSubscriber<UeventSignal> {
        final Set<Thread> threads = ConcurrentHashMap.newKeySet();
        private final BlockingQueue<UeventSignal> signals = new LinkedBlockingQueue<>();
        private final BlockingQueue<SignalType> ends = new LinkedBlockingQueue<>();
        private final long initial;

        Collector(Fixture fixture, long initial) {
            this.initial = initial;
            String prefix = fixture.name(0).value().replaceAll("0$", "");
            Flux<UeventSignal> own = fixture.source()
                    .signals()
                    .doOnNext(signal -> threads.add(Thread.currentThread()))
                    .filter(signal -> !(signal instanceof UeventSignal.Received received)
                            || received.uevent().lockspace().value().startsWith(prefix));
            own.subscribe(this);
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (initial > 0) {
                request(initial);
            }
        }

        @Override
        protected void hookOnNext(UeventSignal signal) {
            signals.add(signal);
        }

        @Override
        protected void hookOnError(Throwable throwable) {
            // Its kind is all that a test looks at, see hookFinally.
        }

        @Override
        protected void hookFinally(SignalType type) {
            ends.add(type);
        }

        List<UeventSignal> take(int count) throws InterruptedException {
            List<UeventSignal> taken = new ArrayList<>();
            while (taken.size() < count) {
                taken.add(next());
            }
            return taken;
        }

        List<UeventSignal> takeUntil(UeventSignal last) throws InterruptedException {
            List<UeventSignal> taken = new ArrayList<>(List.of(next()));
            while (!taken.get(taken.size() - 1).equals(last)) {
                taken.add(next());
            }
            return taken;
        }

        SignalType end() throws InterruptedException {
            SignalType type = ends.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            assertThat(type).as("the stream has not ended").isNotNull();
            return type;
        }

        private UeventSignal next() throws InterruptedException {
            UeventSignal signal = signals.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            assertThat(signal).as("no further signal").isNotNull();
            return signal;
        }
    }
}
