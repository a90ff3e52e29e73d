// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Roles in virtual time, where one thread plays them all: they say which of them it plays. */
final class NamedSchedulers implements FlowSchedulers {
    private final Scheduler time;
    private final List<WriteRole> writing = new ArrayList<>();
    private String running = "nobody";

    NamedSchedulers(Scheduler time) {
        this.time = time;
    }

    /** {@return whose task runs now} */
    String running() {
        return running;
    }

    private Runnable named(String role, Runnable task) {
        return () -> {
            String before = running;
            running = role;
            try {
                task.run();
            } finally {
                running = before;
            }
        };
    }

    private class Role implements Scheduler {
        private final String name;

        Role(String name) {
            this.name = name;
        }

        @Override
        public Disposable schedule(Runnable task) {
            return time.schedule(named(name, task));
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return time.schedule(named(name, task), delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initial, long period, TimeUnit unit) {
            return time.schedulePeriodically(named(name, task), initial, period, unit);
        }

        @Override
        public long now(TimeUnit unit) {
            return time.now(unit);
        }

        @Override
        public Worker createWorker() {
            return new RoleWorker(name, time.createWorker());
        }
    }

    /** A device's writes, which may hang. */
    private final class WriteRole extends Role {
        private final List<Runnable> hung = new ArrayList<>();
        private boolean hangs;

        WriteRole() {
            super("writes");
        }

        @Override
        public Disposable schedule(Runnable task) {
            if (!hangs) {
                return super.schedule(task);
            }
            hung.add(task);
            return Disposables.disposed();
        }

        void end() {
            hangs = false;
            hung.forEach(this::schedule);
            hung.clear();
        }
    }

    /** The writes of each region that is there hang from now on. */
    void hangWrites() {
        writing.forEach(role -> role.hangs = true);
    }

    /** What hangs gets to the disk, in order. */
    void landWrites() {
        writing.forEach(WriteRole::end);
    }

    private final class RoleWorker implements Scheduler.Worker {
        private final String name;
        private final Scheduler.Worker worker;

        RoleWorker(String name, Scheduler.Worker worker) {
            this.name = name;
            this.worker = worker;
        }

        @Override
        public Disposable schedule(Runnable task) {
            return worker.schedule(named(name, task));
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return worker.schedule(named(name, task), delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initial, long period, TimeUnit unit) {
            return worker.schedulePeriodically(named(name, task), initial, period, unit);
        }

        @Override
        public void dispose() {
            worker.dispose();
        }
    }

    @Override
    public Scheduler core() {
        return new Role("core");
    }

    @Override
    public Scheduler watch() {
        return new Role("watch");
    }

    @Override
    public Scheduler lasting() {
        return new Role("lasting");
    }

    @Override
    public Scheduler reads(RegionId region) {
        return new Role("reads");
    }

    @Override
    public Scheduler writes(RegionId region) {
        WriteRole role = new WriteRole();
        writing.add(role);
        return role;
    }

    @Override
    public Scheduler lane(Optional<LockspaceName> lockspace) {
        return new Role("lane");
    }

    @Override
    public Scheduler fence(NodeNumber peer) {
        return new Role("fence");
    }

    @Override
    public void release(Scheduler scheduler) {}

    @Override
    public void releaseAll() {}
}
