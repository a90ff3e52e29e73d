// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.uevent;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * Between a source's thread and its one subscriber: a bounded queue that turns what does not fit into one {@link
 * UeventSignal.Overflow}, in the place where signals are missing.
 *
 * <p>One thread at a time, the source's, calls {@link #offer}, {@link #drain}, {@link #complete} and {@link #fail}; all
 * signals are emitted on it. Demand and cancellation may come from any thread; they only call {@code wake}, upon which
 * that thread should drain.
 */
public final class UeventQueue {
    private static final UeventSignal OVERFLOW = new UeventSignal.Overflow("own queue is full");

    private final Queue<UeventSignal> queue = new ArrayDeque<>();
    private final int capacity;
    private final Runnable wake;
    private final AtomicLong demand = new AtomicLong();
    private boolean lost;
    private volatile boolean cancelled;
    private volatile @Nullable CoreSubscriber<? super UeventSignal> subscriber;

    /**
     * @param capacity how many signals wait for demand at most, greater than 0
     * @param wake makes the source's thread call {@link #drain} soon; called by subscribers, must not block
     */
    public UeventQueue(int capacity, Runnable wake) {
        if (capacity <= 0) {
            throw new IllegalArgumentException("a queue for " + capacity + " signals");
        }
        this.capacity = capacity;
        this.wake = wake;
    }

    /** Hands the queue to its subscriber, once; what was offered before waits for its demand. */
    public void attach(CoreSubscriber<? super UeventSignal> to) {
        to.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                if (Operators.validate(n)) {
                    demand.accumulateAndGet(n, Operators::addCap);
                    wake.run();
                }
            }

            @Override
            public void cancel() {
                cancelled = true;
                wake.run();
            }
        });
        subscriber = to;
        wake.run();
    }

    /** {@return whether the subscriber has cancelled} */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Takes a signal. What does not fit is lost and leaves one Overflow behind what is queued. */
    public void offer(UeventSignal signal) {
        if (queue.size() >= capacity) {
            lost = true;
            return;
        }
        if (lost) {
            lost = false;
            queue.add(OVERFLOW);
        }
        queue.add(signal);
    }

    /** Emits what demand allows. */
    public void drain() {
        CoreSubscriber<? super UeventSignal> to = subscriber;
        while (to != null && !cancelled && demand.get() > 0) {
            UeventSignal next = queue.poll();
            if (next == null) {
                if (!lost) {
                    return;
                }
                lost = false;
                next = OVERFLOW;
            }
            demand.updateAndGet(open -> open == Long.MAX_VALUE ? open : open - 1);
            to.onNext(next);
        }
    }

    /** Ends the stream; what still waits for demand is dropped. */
    public void complete() {
        CoreSubscriber<? super UeventSignal> to = subscriber;
        if (to != null && !cancelled) {
            cancelled = true;
            to.onComplete();
        }
    }

    /** Ends the stream with an error; what still waits for demand is dropped. */
    public void fail(Throwable error) {
        CoreSubscriber<? super UeventSignal> to = subscriber;
        if (to != null && !cancelled) {
            cancelled = true;
            to.onError(error);
        }
    }
}
