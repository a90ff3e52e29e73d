// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.port.UeventSource;
import dev.lockstep.uevent.UeventQueue;
import dev.lockstep.uevent.UeventSignal;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * A simulated uevent socket, open from its creation on, with the queue of the real one. Losses come on demand, or when
 * the queue is full.
 */
public final class SimUeventSource implements UeventSource {
    /** More than a simulation sends before its agent asks. */
    private static final int CAPACITY = 1 << 20;

    private final Scheduler thread;
    private final Consumer<SimUeventSource> onClose;
    private final int capacity;
    private Session session;
    private boolean taken;
    private boolean closed;
    private int toLose;
    private IOException failure = new IOException("simulated uevent socket");
    private int opensToFail;

    /** From opening to cancellation. */
    private static final class Session {
        private final UeventQueue queue;
        private volatile boolean used;

        Session(int capacity, Consumer<Session> wake) {
            // Before the first signal there is nothing to wake for, and a simulation's schedule stays as it is.
            queue = new UeventQueue(capacity, () -> {
                if (used) {
                    wake.accept(this);
                }
            });
        }
    }

    SimUeventSource(Scheduler thread, Consumer<SimUeventSource> onClose) {
        this(thread, onClose, CAPACITY);
    }

    /**
     * @param thread emits
     * @param onClose told when the socket is closed
     * @param capacity how many signals wait for demand at most
     */
    SimUeventSource(Scheduler thread, Consumer<SimUeventSource> onClose, int capacity) {
        this.thread = thread;
        this.onClose = onClose;
        this.capacity = capacity;
        session = new Session(capacity, this::drain);
    }

    /** Loses the next uevents, and says so at each, as ENOBUFS does. */
    public synchronized void loseNext(int count) {
        toLose = count;
    }

    /**
     * Fails now; events are lost until it is opened again.
     *
     * @param opens how many attempts to open it again fail too
     */
    public synchronized void fail(IOException why, int opens) {
        failure = why;
        opensToFail = opens;
        UeventQueue open = session.queue;
        schedule(() -> open.fail(why));
    }

    synchronized void offer(UeventSignal signal) {
        if (toLose > 0) {
            toLose--;
            emit(new UeventSignal.Overflow("simulated"));
            return;
        }
        emit(signal);
    }

    private void emit(UeventSignal signal) {
        Session to = session;
        if (!to.queue.isCancelled()) {
            to.used = true;
            schedule(() -> {
                to.queue.offer(signal);
                to.queue.drain();
            });
        }
    }

    private void drain(Session which) {
        schedule(which.queue::drain);
    }

    private void schedule(Runnable work) {
        try {
            thread.schedule(work);
        } catch (RejectedExecutionException e) {
            // The agent that listened has ended.
            return;
        }
    }

    @Override
    public Flux<UeventSignal> signals() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super UeventSignal> actual) {
                attach(actual);
            }
        };
    }

    private void attach(CoreSubscriber<? super UeventSignal> subscriber) {
        Session mine;
        synchronized (this) {
            if (closed || (taken && !session.queue.isCancelled())) {
                Operators.error(
                        subscriber, new IllegalStateException("the source is closed, or has a subscriber already"));
                return;
            }
            if (opensToFail > 0) {
                opensToFail--;
                Operators.error(subscriber, failure);
                return;
            }
            if (taken) {
                session = new Session(capacity, this::drain);
                emit(new UeventSignal.Overflow("the socket was opened anew"));
            }
            taken = true;
            mine = session;
        }
        mine.queue.attach(subscriber);
    }

    @Override
    public void close() {
        Session last;
        synchronized (this) {
            closed = true;
            last = session;
        }
        onClose.accept(this);
        schedule(last.queue::complete);
    }
}
