// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.BootClock;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.port.Fence;
import dev.lockstep.uevent.Uevent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One thread per lockspace and one for the comms execute mutations, in order; a fencing or a reset has its own. A
 * mutation begun is never cancelled, interrupted or timed out; when it hangs in the kernel it holds up its own lane
 * only. Called on the core's thread.
 */
final class Lanes {
    /**
     * More lockspaces than any node has; past it something creates them without end. Those share one more lane, and so
     * hang together; others do not hang with them.
     */
    static final int MOST = 1024;

    private final Map<Optional<LockspaceName>, Scheduler> lanes = new HashMap<>();
    private final DlmKernel kernel;
    private final Fence fence;
    private final FlowSchedulers schedulers;
    private final BootClock clock;
    private @Nullable Scheduler shared;

    Lanes(DlmKernel kernel, Fence fence, FlowSchedulers schedulers, BootClock clock) {
        this.kernel = kernel;
        this.fence = fence;
        this.schedulers = schedulers;
        this.clock = clock;
    }

    /**
     * {@return how the mutation ended, emitted on its lane}
     */
    Mono<Evidence> execute(Mutation mutation) {
        return Mono.defer(() -> {
            if (mutation instanceof Mutation.FenceNode order) {
                return alone(schedulers.fence(order.node()), order, () -> fence.fence(order));
            }
            if (mutation instanceof Mutation.ResetNode reset) {
                return alone(schedulers.lane(Optional.empty()), reset, () -> fence.resetSelf(reset.why()));
            }
            Scheduler lane = lanes.computeIfAbsent(mutation.lockspace(), this::open);
            if (!isLast(mutation)) {
                return Blocking.call(lane, () -> apply(mutation));
            }
            lanes.remove(mutation.lockspace()); // a later lockspace of that name gets a new lane
            return Blocking.call(lane, () -> apply(mutation)).doFinally(end -> {
                if (!isShared(lane)) {
                    schedulers.release(lane);
                }
            });
        });
    }

    /** The kernel frees a lockspace that was released, and one whose create was refused. */
    private static boolean isLast(Mutation mutation) {
        return mutation instanceof Mutation.Answer answer
                && (answer.question() == Uevent.Action.OFFLINE || answer.result() < 0);
    }

    /**
     * A thread for each run: a fence command that hangs holds up neither the kernel nor the fencing of another peer,
     * and no write of a comm holds up the reset.
     */
    private Mono<Evidence> alone(Scheduler thread, Mutation order, Supplier<Outcome> run) {
        return Blocking.<Evidence>call(thread, () -> {
                    Outcome outcome = run.get();
                    return new Evidence.Applied(clock.nowNs(), order, outcome);
                })
                .doFinally(end -> schedulers.release(thread));
    }

    private Evidence apply(Mutation mutation) {
        Outcome outcome = kernel.apply(mutation);
        return new Evidence.Applied(clock.nowNs(), mutation, outcome);
    }

    private Scheduler open(Optional<LockspaceName> lockspace) {
        if (lanes.size() < MOST || lockspace.isEmpty()) {
            return schedulers.lane(lockspace);
        }
        Scheduler last = shared;
        if (last == null) {
            last = schedulers.lane(lockspace);
            shared = last;
        }
        return last;
    }

    @SuppressWarnings("ReferenceEquality") // the very one
    private boolean isShared(Scheduler lane) {
        return lane == shared;
    }
}
