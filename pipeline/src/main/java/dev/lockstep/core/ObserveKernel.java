// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.event.LogEvent;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.uevent.Uevent;
import java.util.List;
import java.util.Optional;

/** Evidence from the kernel: uevents, re-reads, recovery. */
final class ObserveKernel {

    /** recover_status: this node has finished (fs/dlm DLM_RS_DONE); the lowest node also sets DONE_ALL. */
    private static final int DONE = 0x40;

    private static final int DONE_ALL = 0x80;

    private ObserveKernel() {}

    static void apply(Turn turn, Evidence evidence) {
        if (evidence instanceof Evidence.Started started) {
            Recall.started(turn, started);
        } else if (evidence instanceof Evidence.UeventReceived received) {
            uevent(turn, received.uevent());
        } else if (evidence instanceof Evidence.KernelRead read) {
            kernel(turn, read);
        } else if (evidence instanceof Evidence.RecoveryRead read) {
            recovery(turn, read);
        } else if (evidence instanceof Evidence.Dispatched dispatched) {
            ObserveMutation.dispatched(turn, dispatched);
        } else if (evidence instanceof Evidence.Applied applied) {
            ObserveMutation.applied(turn, applied);
        }
    }

    private static void uevent(Turn turn, Uevent uevent) {
        turn.lockspace(
                LogEvent.Type.UEVENT, uevent.lockspace(), 0, uevent.action().name());
        switch (uevent.action()) {
            case ADD -> {}
            case ONLINE -> online(turn, uevent.lockspace());
            case OFFLINE -> offline(turn, uevent.lockspace());
            case REMOVE -> removedUnlessThere(turn, uevent.lockspace());
        }
    }

    /**
     * What cannot have gone has not: the event is of a lockspace that had the name before, and came late, behind a
     * reading for lost events. Dropped for it, the next event would make one that runs a new one, which takes part
     * without ever being stopped. Were it gone after all, the next reading tells.
     */
    private static void removedUnlessThere(Turn turn, LockspaceName name) {
        LockspaceState known = turn.state().lockspaces().get(name);
        if (known == null || !stillThere(known) || mayBeRefused(known)) {
            removed(turn, name);
        }
    }

    /** Whether a create is being answered that did not come to a start: the kernel may be faster than we. */
    private static boolean mayBeRefused(LockspaceState known) {
        return known.kernel().run() == KernelSide.Run.BORN
                && known.kernel()
                        .inFlight()
                        .filter(m -> m instanceof Mutation.Answer)
                        .isPresent();
    }

    private static void online(Turn turn, LockspaceName name) {
        LockspaceState known = turn.state().lockspaces().get(name);
        if (known != null && stillThere(known)) {
            // The re-read found it before the event came, or the event came twice. Were it a new one after all, its
            // id of 0 would tell at the next reading.
            return;
        }
        // The kernel creates what it does not have: whatever we knew under this name is released.
        turn.state(turn.state().without(name));
        LockspaceState created = LockspaceState.created(
                name, Optional.of(Uevent.Action.ONLINE), turn.state().nowNs());
        turn.state(turn.state().with(created));
        turn.dirtyAll(); // every report shows the floor, which may have risen
    }

    /** Whether the kernel cannot have released it: a release waits for our answer, and that for our forgetting it. */
    private static boolean stillThere(LockspaceState known) {
        KernelSide kernel = known.kernel();
        boolean asked = kernel.run() == KernelSide.Run.BORN ? known.asks(Uevent.Action.ONLINE) : !kernel.forgotten();
        return kernel.present() && asked;
    }

    private static void offline(Turn turn, LockspaceName name) {
        LockspaceState known = turn.state().lockspaces().get(name);
        if (known == null) {
            known = LockspaceState.created(name, Optional.empty(), turn.state().nowNs());
        }
        boolean answered = known.unanswered().isEmpty() && known.kernel().forgotten();
        // What sleeps in its create is not being released: the event is of an earlier one of that name, and late.
        boolean earlier = known.kernel().run() == KernelSide.Run.BORN && known.asks(Uevent.Action.ONLINE);
        if (!answered && !earlier) {
            known = known.withUnanswered(Optional.of(Uevent.Action.OFFLINE));
        }
        turn.state(turn.state().with(known));
        turn.dirty(known);
    }

    private static void removed(Turn turn, LockspaceName name) {
        LockspaceState known = turn.state().lockspaces().get(name);
        if (known == null) {
            return;
        }
        turn.dirty(known);
        if (known.kernel().inFlight().isPresent()) {
            // Its lane still works on it; the end of that work drops it.
            turn.state(turn.state().with(known.withKernel(known.kernel().withPresent(false))));
            return;
        }
        drop(turn, known);
    }

    static void drop(Turn turn, LockspaceState lockspace) {
        turn.lockspace(LogEvent.Type.PHASE, lockspace.name(), lockspace.epoch().value(), "ABSENT: released");
        turn.state(turn.state().without(lockspace.name()));
        turn.dirtyAll(); // a comm may be free now
    }

    private static void kernel(Turn turn, Evidence.KernelRead read) {
        for (LockspaceState lockspace : List.copyOf(turn.state().lockspaces().values())) {
            KernelLockspace found = read.kernel().lockspaces().get(lockspace.name());
            boolean olderThanRead = lockspace.phaseSinceNs() < read.startedNs();
            if (found == null && olderThanRead) {
                removed(turn, lockspace.name());
            } else if (found != null
                    && olderThanRead
                    && (madeAnew(lockspace.kernel(), found, read.startedNs()) || asksAnew(lockspace, found))) {
                turn.state(turn.state().without(lockspace.name()));
                online(turn, lockspace.name());
            } else if (found != null
                    && found.unanswered()
                            .filter(u -> u == Uevent.Action.OFFLINE)
                            .isPresent()
                    && lockspace.unanswered().isEmpty()
                    && lockspace.createdNs() < read.startedNs()) { // else it tells of an earlier one of that name
                offline(turn, lockspace.name());
            }
        }
        if (!read.afterOverflow()) {
            return;
        }
        turn.self(LogEvent.Type.UEVENT, "uevents were lost; the kernel was read again");
        for (KernelLockspace found : read.kernel().lockspaces().values()) {
            // One that is unknown and asks to go has been released since the reading was begun. To be able to ask it
            // was answered when it came, so it was known.
            if (!turn.state().lockspaces().containsKey(found.name())
                    && found.unanswered().filter(u -> u == Uevent.Action.ONLINE).isPresent()) {
                LockspaceState created = LockspaceState.created(
                        found.name(), found.unanswered(), turn.state().nowNs());
                turn.state(turn.state().with(created));
                turn.dirty(created);
            }
        }
    }

    /** The question of a create that was refused before the reading was begun is answered: this is the next one's. */
    private static boolean asksAnew(LockspaceState lockspace, KernelLockspace found) {
        return lockspace.isRefused()
                && found.unanswered().filter(u -> u == Uevent.Action.ONLINE).isPresent();
    }

    /** An id of 0 was never started; a reading begun before our last start tells nothing of it. */
    private static boolean madeAnew(KernelSide kernel, KernelLockspace found, long readStartedNs) {
        // What is forgotten is never started again; before that, a start that failed may have begun.
        boolean startedSince = !kernel.forgotten()
                && (kernel.startedAtNs() >= readStartedNs
                        || kernel.failures() > 0
                        || kernel.inFlight()
                                .filter(m -> m instanceof Mutation.Start)
                                .isPresent());
        return kernel.run() != KernelSide.Run.BORN
                && !startedSince
                && found.globalId() == 0
                && found.recoverStatus() == 0;
    }

    private static void recovery(Turn turn, Evidence.RecoveryRead read) {
        LockspaceState lockspace = turn.state().lockspaces().get(read.lockspace());
        if (lockspace == null) {
            return;
        }
        KernelSide kernel = lockspace.kernel();
        boolean current = kernel.run() == KernelSide.Run.RUNNING
                && kernel.inFlight().isEmpty()
                && read.readStartedNs() >= kernel.startedAtNs();
        if (!current) {
            return;
        }
        if (read.status() == 0 && kernel.status() != 0) {
            turn.lockspace(
                    LogEvent.Type.RECOVERY,
                    lockspace.name(),
                    lockspace.epoch().value(),
                    "the kernel stopped without being told");
            turn.state(turn.state().with(lockspace.withKernel(kernel.withStoppedByItself())));
            turn.dirtyAll(); // comms may be free now
            return;
        }
        boolean done = done(turn.state().facts(), kernel.given(), read.status());
        boolean news = read.status() != kernel.status() || read.nodeid() != kernel.polls();
        if (!news && done == kernel.recovered()) {
            return;
        }
        if (done && !kernel.recovered()) {
            turn.lockspace(
                    LogEvent.Type.RECOVERY,
                    lockspace.name(),
                    lockspace.epoch().value(),
                    "recovered with members " + kernel.given().nodes());
        }
        KernelSide after = kernel.withRecovery(read.status(), read.nodeid(), done);
        turn.state(turn.state().with(lockspace.withKernel(after)));
        if (after.processed().equals(kernel.processed())) {
            turn.dirty(lockspace);
        } else {
            turn.dirtyAll(); // comms may be free now
        }
    }

    /** Whether recover_status says that a recovery with these members has ended here. */
    static boolean done(ClusterFacts facts, View members, int status) {
        List<NodeNumber> nodes = List.copyOf(members.nodes());
        boolean lowest = !nodes.isEmpty() && nodes.get(0).equals(facts.self());
        return (status & DONE) != 0 && (!lowest || (status & DONE_ALL) != 0);
    }
}
