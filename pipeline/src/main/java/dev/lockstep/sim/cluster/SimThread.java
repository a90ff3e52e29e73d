// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * A simulated thread: tasks take effect one after the other, in order, each after the time it takes, and none while
 * the thread is held, as by a hung disk, a blocking kernel write or a paused machine. Tasks that take no time follow
 * each other at once, without a turn of {@link VirtualTime} for each.
 */
final class SimThread implements Scheduler {

    /** One task; a disposed one is left out, and one of a disposed worker. Run, it is a timer that has run out. */
    private class Task implements Disposable, Runnable {
        private final Runnable work;
        private final Disposable owner;
        private boolean disposed;

        Task(Runnable work, Disposable owner) {
            this.work = work;
            this.owner = owner;
        }

        @Override
        public void run() {
            arrives(this);
        }

        @Override
        public void dispose() {
            disposed = true;
        }

        @Override
        public boolean isDisposed() {
            return disposed || owner.isDisposed();
        }
    }

    /** A task that comes again. */
    private final class Periodic extends Task {
        private final long periodNs;

        Periodic(Runnable work, Disposable owner, long periodNs) {
            super(work, owner);
            this.periodNs = periodNs;
        }

        @Override
        public void run() {
            if (!isDisposed() && !ended) {
                time.after(periodNs, this);
                arrives(this);
            }
        }
    }

    /** Owns tasks until it is disposed. */
    private final class OwningWorker implements Worker {
        private boolean disposed;

        @Override
        public Disposable schedule(Runnable task) {
            return disposed ? Disposables.disposed() : begin(new Task(task, this));
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return delay <= 0 ? schedule(task) : later(new Task(task, this), delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return later(new Periodic(task, this, unit.toNanos(period)), initialDelay, unit);
        }

        @Override
        public void dispose() {
            disposed = true;
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }

    private static final Disposable NOBODY = Disposables.never();

    private final VirtualTime time;
    private final LongSupplier takesNs;
    private final LongSupplier heldUntilNs;
    private final Deque<Task> queue = new ArrayDeque<>();
    private final Runnable pump = this::pump;
    private boolean pumping;
    private boolean ended;

    /**
     * @param takesNs asked for each task
     * @param heldUntilNs asked whenever a task is about to take effect
     */
    SimThread(VirtualTime time, LongSupplier takesNs, LongSupplier heldUntilNs) {
        this.time = time;
        this.takesNs = takesNs;
        this.heldUntilNs = heldUntilNs;
    }

    @Override
    public Disposable schedule(Runnable work) {
        return begin(new Task(work, NOBODY));
    }

    private Disposable begin(Task task) {
        if (ended) {
            return Disposables.disposed();
        }
        queue.add(task);
        if (!pumping) {
            pumping = true;
            time.after(takesNs.getAsLong(), pump);
        }
        return task;
    }

    /** A timer has run out: an idle thread begins at once. */
    private void arrives(Task task) {
        if (task.isDisposed() || ended) {
            return;
        }
        queue.add(task);
        if (!pumping) {
            pumping = true;
            long takes = takesNs.getAsLong();
            if (takes == 0) {
                pump();
            } else {
                time.after(takes, pump);
            }
        }
    }

    @Override
    public Disposable schedule(Runnable work, long delay, TimeUnit unit) {
        return delay <= 0 ? schedule(work) : later(new Task(work, NOBODY), delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable work, long initialDelay, long period, TimeUnit unit) {
        return later(new Periodic(work, NOBODY, unit.toNanos(period)), initialDelay, unit);
    }

    private Disposable later(Task task, long delay, TimeUnit unit) {
        time.after(unit.toNanos(delay), task);
        return task;
    }

    private void pump() {
        long takes = 0;
        while (takes == 0) {
            long heldNs = heldUntilNs.getAsLong() - time.nowNs();
            if (heldNs > 0) {
                time.after(heldNs, pump);
                return;
            }
            Task task = queue.poll();
            if (task != null && !task.isDisposed()) {
                task.work.run();
            }
            if (queue.isEmpty()) {
                pumping = false;
                return;
            }
            takes = takesNs.getAsLong();
        }
        time.after(takes, pump);
    }

    /** Ends: nothing more takes effect. */
    void end() {
        ended = true;
        queue.clear();
    }

    /**
     * Ends as a thread of a killed process does: what is inside the kernel still takes effect, what was not begun
     * does not.
     *
     * @param inside whether the first task is in the kernel already; one that is held is
     * @return when the last effect happens
     */
    long die(boolean inside) {
        ended = true;
        Task first = queue.poll();
        queue.clear();
        long heldNs = heldUntilNs.getAsLong();
        if (first == null || !(inside || heldNs > time.nowNs())) {
            return time.nowNs();
        }
        queue.add(first);
        return Math.max(heldNs, time.nowNs() + takesNs.getAsLong());
    }

    @Override
    public Worker createWorker() {
        return new OwningWorker();
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(time.nowNs(), TimeUnit.NANOSECONDS);
    }
}
