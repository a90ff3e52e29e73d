// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Calls that block, on the thread that is theirs. Unlike {@code Mono.fromCallable(..).subscribeOn(..)}, cancelling
 * interrupts nothing: the call runs to its end and its result is dropped.
 */
final class Blocking {

    private Blocking() {}

    /** {@return {@code call}'s result, or what it threw as an error; emitted on {@code thread}} */
    static <T> Mono<T> call(Scheduler thread, Callable<T> call) {
        return Mono.create(sink -> {
            AtomicBoolean cancelled = new AtomicBoolean();
            sink.onCancel(() -> cancelled.set(true));
            try {
                thread.schedule(() -> {
                    try {
                        sink.success(call.call());
                    } catch (Throwable e) {
                        // Nobody but the subscriber hears of it: an Error that stays here leaves a waiting that never
                        // ends, and an agent that lives on without this thread's work.
                        if (!cancelled.get()) {
                            sink.error(e);
                        }
                    }
                });
            } catch (RejectedExecutionException e) {
                // Threads are taken back once everything on them is cancelled: then nobody is left to tell.
                if (!cancelled.get()) {
                    sink.error(e);
                }
            }
        });
    }
}
