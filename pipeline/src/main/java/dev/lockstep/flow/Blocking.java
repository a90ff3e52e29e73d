// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Calls that block, on the thread that is theirs. Unlike {@code Mono.fromCallable(..).subscribeOn(..)}, cancelling
 * interrupts nothing: the call runs to its end and its result is dropped.
 */
final class Blocking {

    private Blocking() {}

    /**
     * {@return {@code call}'s result, or what it threw as an error; emitted on {@code thread}} Whatever it threw:
     * nobody but the subscriber hears of it, and an Error that stays here would leave a waiting that never ends.
     */
    static <T> Mono<T> call(Scheduler thread, Callable<T> call) {
        return Mono.create(sink -> {
            AtomicBoolean cancelled = new AtomicBoolean();
            AtomicBoolean begun = new AtomicBoolean();
            sink.onCancel(() -> cancelled.set(true));
            try {
                thread.schedule(() -> {
                    if (begun.compareAndSet(false, true)) {
                        answer(call, sink, cancelled);
                    }
                });
            } catch (Throwable e) {
                // Threads are taken back once everything on them is cancelled, and a thread that is yet to be made may
                // find no memory. Its executor keeps the task, but what has failed must not happen afterwards.
                if (!begun.compareAndSet(false, true)) {
                    throw e; // it ran here and now: what escaped it
                }
                fail(sink, cancelled, e);
            }
        });
    }

    private static <T> void answer(Callable<T> call, MonoSink<T> sink, AtomicBoolean cancelled) {
        T result;
        try {
            result = call.call();
        } catch (Throwable e) {
            fail(sink, cancelled, e);
            return;
        }
        sink.success(result);
    }

    private static void fail(MonoSink<?> sink, AtomicBoolean cancelled, Throwable failure) {
        if (!cancelled.get()) {
            sink.error(CarriedError.passable(failure));
        }
    }
}
