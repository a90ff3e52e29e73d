// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One daemon thread per scheduler. Schedulers end by shutdown, never by shutdownNow, which would interrupt. */
final class ThreadSchedulers implements FlowSchedulers {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadSchedulers.class);

    private final String prefix;
    private final Set<Scheduler> open = ConcurrentHashMap.newKeySet();
    private final Scheduler core;
    private final Scheduler watch;
    private final Scheduler lasting;

    private volatile Consumer<Throwable> escaped = failure -> LOG.error("a failure before anybody listens", failure);

    ThreadSchedulers(String prefix) {
        this.prefix = prefix;
        core = single("core");
        watch = single("watch");
        lasting = single("lasting");
    }

    @Override
    public Scheduler core() {
        return core;
    }

    @Override
    public Scheduler watch() {
        return watch;
    }

    @Override
    public Scheduler lasting() {
        return lasting;
    }

    @Override
    public Scheduler reads(RegionId region) {
        return single("read-" + region);
    }

    @Override
    public Scheduler writes(RegionId region) {
        return single("write-" + region);
    }

    @Override
    public Scheduler lane(Optional<LockspaceName> lockspace) {
        return single(lockspace.map(name -> "lane-" + name).orElse("lane"));
    }

    @Override
    public Scheduler fence(NodeNumber peer) {
        return single("fence-" + peer);
    }

    @Override
    public void onEscape(Consumer<Throwable> told) {
        escaped = told;
    }

    @Override
    public void release(Scheduler scheduler) {
        if (open.remove(scheduler)) {
            // The grace period has no end: a write inside the kernel may take as long as it likes.
            scheduler.disposeGracefully().subscribe();
        }
    }

    @Override
    public void releaseAll() {
        try {
            // Behind the stop of the pipeline: what it still closes needs the other threads.
            core.schedule(() -> Set.copyOf(open).forEach(this::release));
        } catch (RejectedExecutionException e) {
            // Released before.
            return;
        }
    }

    private Scheduler single(String role) {
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, prefix + "-" + role);
            thread.setDaemon(true);
            // Reactor asks it for each task, see Schedulers.handleError; the thread itself lives on.
            thread.setUncaughtExceptionHandler((where, failure) -> escaped.accept(failure));
            return thread;
        };
        Scheduler scheduler = Schedulers.newSingle(factory);
        open.add(scheduler);
        return scheduler;
    }
}
