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

    /** One task; a disposed one is left out. */
    private static final class Task implements Disposable {
        private final Runnable work;
        private boolean disposed;

        Task(Runnable work) {
            this.work = work;
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

    private final VirtualTime time;
    private final LongSupplier takesNs;
    private final LongSupplier heldUntilNs;
    private final Deque<Task> queue = new ArrayDeque<>();
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
        if (ended) {
            return Disposables.disposed();
        }
        Task task = new Task(work);
        queue.add(task);
        if (!pumping) {
            pumping = true;
            time.after(takesNs.getAsLong(), this::pump);
        }
        return task;
    }

    /** A timer has run out: an idle thread begins at once. */
    private void arrives(Task task) {
        if (task.disposed || ended) {
            return;
        }
        queue.add(task);
        if (!pumping) {
            pumping = true;
            long takes = takesNs.getAsLong();
            if (takes == 0) {
                pump();
            } else {
                time.after(takes, this::pump);
            }
        }
    }

    @Override
    public Disposable schedule(Runnable work, long delay, TimeUnit unit) {
        if (delay <= 0) {
            return schedule(work);
        }
        Task task = new Task(work);
        time.after(unit.toNanos(delay), () -> arrives(task));
        return task;
    }

    @Override
    public Disposable schedulePeriodically(Runnable work, long initialDelay, long period, TimeUnit unit) {
        Task whole = new Task(work);
        every(whole, unit.toNanos(initialDelay), unit.toNanos(period));
        return whole;
    }

    private void every(Task task, long delayNs, long periodNs) {
        time.after(delayNs, () -> {
            if (!task.disposed && !ended) {
                every(task, periodNs, periodNs);
                arrives(task);
            }
        });
    }

    private void pump() {
        long takes = 0;
        while (takes == 0) {
            long heldNs = heldUntilNs.getAsLong() - time.nowNs();
            if (heldNs > 0) {
                time.after(heldNs, this::pump);
                return;
            }
            Task task = queue.poll();
            if (task != null && !task.disposed) {
                task.work.run();
            }
            if (queue.isEmpty()) {
                pumping = false;
                return;
            }
            takes = takesNs.getAsLong();
        }
        time.after(takes, this::pump);
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
        return new Worker() {
            private final Disposable.Composite tasks = Disposables.composite();

            @Override
            public Disposable schedule(Runnable task) {
                return tasks.isDisposed() ? Disposables.disposed() : SimThread.this.schedule(guarded(task));
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                return SimThread.this.schedule(guarded(task), delay, unit);
            }

            @Override
            public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
                Disposable periodic = SimThread.this.schedulePeriodically(guarded(task), initialDelay, period, unit);
                tasks.add(periodic);
                return periodic;
            }

            private Runnable guarded(Runnable task) {
                return () -> {
                    if (!tasks.isDisposed()) {
                        task.run();
                    }
                };
            }

            @Override
            public void dispose() {
                tasks.dispose();
            }

            @Override
            public boolean isDisposed() {
                return tasks.isDisposed();
            }
        };
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(time.nowNs(), TimeUnit.NANOSECONDS);
    }
}
