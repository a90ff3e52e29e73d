// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/**
 * The threads of one pipeline. Each scheduler given out runs one task at a time, in order; a task that blocks holds up
 * nothing but its own scheduler, so a hung device or kernel write stays alone.
 */
public interface FlowSchedulers {

    /** {@return the one that owns the state: observe, plan, and every timer; never blocked} */
    Scheduler core();

    /** {@return the one that reads the kernel's state; always the same} */
    Scheduler watch();

    /** {@return the one that writes what is to outlive a reboot; always the same} */
    Scheduler lasting();

    /** {@return a new one for reads of a region} */
    Scheduler reads(RegionId region);

    /** {@return a new one for writes to a region} */
    Scheduler writes(RegionId region);

    /** {@return a new one for mutations of a lockspace, or of the node} */
    Scheduler lane(Optional<LockspaceName> lockspace);

    /** {@return a new one for the fence command on a peer} */
    Scheduler fence(NodeNumber peer);

    /**
     * Takes back one that {@link #reads}, {@link #writes}, {@link #lane} or {@link #fence} gave out. What it runs or
     * has queued still runs to its end, uninterrupted.
     */
    void release(Scheduler scheduler);

    /**
     * Takes back all, once the core has done what it was given before: stop the pipeline first, then call this last.
     * Running tasks end by themselves.
     */
    void releaseAll();

    /**
     * Has {@code told} hear of whatever a task lets escape, on that task's thread: Reactor only prints it, and what the
     * task was to go on with stands still. Where the caller runs the tasks, as in virtual time, it comes out there.
     */
    default void onEscape(Consumer<Throwable> told) {}

    /**
     * {@return real threads, all daemons}
     *
     * @param prefix what their names begin with
     */
    static FlowSchedulers threads(String prefix) {
        return new ThreadSchedulers(prefix);
    }

    /**
     * {@return one scheduler in every role: for virtual time, where tasks take none}
     *
     * @param all the scheduler; it stays the caller's
     */
    static FlowSchedulers shared(Scheduler all) {
        return new SharedScheduler(all);
    }
}
