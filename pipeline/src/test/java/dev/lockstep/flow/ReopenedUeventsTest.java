// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.port.UeventSource;
import dev.lockstep.sorted.SortedArraySet;
import dev.lockstep.uevent.UeventSignal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

final class ReopenedUeventsTest {
    private static final UeventSignal MISSED = new UeventSignal.Overflow("the socket was opened anew");
    private static final UeventSignal HEARD = new UeventSignal.Malformed("but a datagram");
    private final IOException failure = new IOException("recvmsg netlink: ENOMEM");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<Long> openedMs = new ArrayList<>();
    private final List<UeventSignal> signals = new ArrayList<>();
    private final List<Throwable> ends = new ArrayList<>();

    /** A source of which each session is the next of those given, the last one for ever. */
    private final class Sessions implements UeventSource {
        private final List<Flux<UeventSignal>> sessions;

        Sessions(List<Flux<UeventSignal>> sessions) {
            this.sessions = sessions;
        }

        @Override
        public Flux<UeventSignal> signals() {
            return Flux.defer(() -> {
                openedMs.add(time.now(TimeUnit.MILLISECONDS));
                return sessions.get(Math.min(openedMs.size(), sessions.size()) - 1);
            });
        }

        @Override
        public void close() {}
    }

    private void listen(List<Flux<UeventSignal>> sessions) {
        FlowContext context = new FlowContext(
                SortedArraySet.copyOf(List.of(NodeNumber.of(0))),
                FlowSchedulers.shared(time),
                FlowSettings.DEFAULT,
                () -> time.now(TimeUnit.NANOSECONDS),
                new Inbox(time));
        new ReopenedUevents(new Sessions(sessions), context).signals().subscribe(signals::add, ends::add);
    }

    @Test
    void aSourceThatCannotBeOpenedIsTriedEverMoreSeldomAndSaysNothing() {
        listen(List.of(Flux.error(failure)));
        time.advanceTimeBy(Duration.ofSeconds(18));

        assertThat(openedMs).containsExactly(0L, 100L, 300L, 700L, 1500L, 3100L, 6300L, 11300L, 16300L);
        assertThat(signals).isEmpty();
    }

    @Test
    void theFirstWordOfASourceOpenedAnewIsNoSignThatItWorks() {
        listen(List.of(Flux.concat(Flux.just(MISSED), Flux.error(failure))));
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(openedMs).containsExactly(0L, 100L, 300L, 700L);
        assertThat(signals).containsOnly(MISSED);
    }

    @Test
    void afterASignalTheNextFailureIsTheFirstOfARow() {
        Flux<UeventSignal> nothing = Flux.error(failure);
        listen(List.of(nothing, nothing, nothing, Flux.concat(Flux.just(MISSED, HEARD), nothing), Flux.never()));
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(openedMs).containsExactly(0L, 100L, 300L, 700L, 800L);
    }

    @Test
    void anErrorEndsIt() {
        Error bug = new AssertionError("a bug");
        listen(List.of(Flux.error(bug)));
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(ends).containsExactly(bug);
        assertThat(openedMs).hasSize(1);
    }
}
