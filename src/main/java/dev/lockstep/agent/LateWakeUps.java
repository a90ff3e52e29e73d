// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.flow.Complaint;
import dev.lockstep.port.WakeUps;
import dev.lockstep.wakeups.UdpWakeUps;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Wake-ups whose address may come late: it is tried again, with the pauses of {@link HeartbeatStart}, and until then
 * nobody is told or heard, as where they are off. Any thread.
 */
final class LateWakeUps implements WakeUps, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LateWakeUps.class);

    private final Supplier<UdpWakeUps> bind;
    private final Sinks.One<UdpWakeUps> arrived = Sinks.one();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable UdpWakeUps bound;

    /**
     * @param bind binds, or throws a RuntimeException that says why it cannot
     */
    LateWakeUps(Supplier<UdpWakeUps> bind) {
        this.bind = bind;
    }

    /** Binds on a thread of its own. */
    LateWakeUps start() {
        Regions.onThread("lockstep-wakeups", () -> untilBound(pause -> !closesWithin(pause)));
        return this;
    }

    /**
     * Tries until it works.
     *
     * @param pauses waits; whether to go on after it
     */
    void untilBound(Predicate<Duration> pauses) {
        Complaint complaint = new Complaint();
        Duration pause = HeartbeatStart.FIRST_PAUSE;
        while (true) {
            try {
                arrive(bind.get());
                return;
            } catch (RuntimeException e) {
                if (complaint.isNews(String.valueOf(e.getMessage()))) {
                    LOG.warn("No wake-ups until they can be bound: {}; boards are polled all the same", e.getMessage());
                }
                if (!pauses.test(pause)) {
                    return;
                }
                pause = HeartbeatStart.after(pause);
            }
        }
    }

    private synchronized void arrive(UdpWakeUps udp) {
        if (closed.getCount() == 0) {
            udp.close();
            return;
        }
        bound = udp;
        arrived.tryEmitValue(udp);
    }

    private boolean closesWithin(Duration pause) {
        return Pause.endsWithin(closed, pause);
    }

    /** {@return datagrams that were no wake-up of a peer, or too many; none until it is bound} */
    long ignored() {
        UdpWakeUps udp = bound;
        return udp == null ? 0 : udp.ignored();
    }

    @Override
    public Flux<WakeUp> received() {
        return arrived.asMono().flatMapMany(UdpWakeUps::received);
    }

    @Override
    public void send(WakeUp wakeUp) {
        UdpWakeUps udp = bound;
        if (udp != null) {
            udp.send(wakeUp);
        }
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        UdpWakeUps udp = bound;
        if (udp != null) {
            udp.close();
        }
    }
}
