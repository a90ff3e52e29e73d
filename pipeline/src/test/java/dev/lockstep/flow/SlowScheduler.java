// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** Every task takes effect only after a delay. */
final class SlowScheduler implements Scheduler {
    private final Scheduler delegate;
    private final Duration delay;

    SlowScheduler(Scheduler delegate, Duration delay) {
        this.delegate = delegate;
        this.delay = delay;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return delegate.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Worker createWorker() {
        return delegate.createWorker();
    }
}
