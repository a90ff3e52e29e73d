// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.event.LogEvent;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import java.util.Optional;

/** Evidence from the lanes: mutations begun and ended. */
final class ObserveMutation {

    private static final long FIRST_BACKOFF_NS = 100_000_000L;
    private static final long LONGEST_BACKOFF_NS = 5_000_000_000L;
    private static final int MAX_DOUBLINGS = 6;

    private ObserveMutation() {}

    static void dispatched(Turn turn, Evidence.Dispatched dispatched) {
        Mutation mutation = dispatched.mutation();
        log(turn, LogEvent.Type.MUTATION, mutation, "begun");
        if (mutation instanceof Mutation.FenceNode order) {
            ObserveFence.ordered(turn, order);
            return;
        }
        Optional<LockspaceName> name = mutation.lockspace();
        if (name.isEmpty()) {
            NodeSide node = turn.state().node();
            boolean reset = mutation instanceof Mutation.ResetNode;
            turn.state(turn.state().with(reset ? node.with(node.reset().ordered()) : node.withInFlight(mutation)));
            return;
        }
        LockspaceState lockspace = turn.state().lockspaces().get(name.get());
        if (lockspace != null) {
            KernelSide kernel = lockspace.kernel().withInFlight(mutation);
            turn.state(turn.state().with(lockspace.withKernel(kernel)));
            if (mutation instanceof Mutation.Start) {
                turn.dirtyAll(); // comms may be in use now
            } else {
                turn.dirtyGuard(lockspace);
            }
        }
    }

    static void applied(Turn turn, Evidence.Applied applied) {
        Mutation mutation = applied.mutation();
        if (mutation instanceof Mutation.FenceNode order) {
            ObserveFence.ended(turn, order, applied.outcome());
            return;
        }
        String how = applied.outcome() instanceof Outcome.Failed failed ? failed.message() : "done";
        log(turn, LogEvent.Type.RESULT, mutation, how);
        if (mutation instanceof Mutation.ResetNode) {
            resetFailed(turn, applied.outcome());
            return;
        }
        Optional<LockspaceName> name = mutation.lockspace();
        if (name.isEmpty()) {
            ofNode(turn, applied);
            return;
        }
        LockspaceState lockspace = turn.state().lockspaces().get(name.get());
        if (lockspace == null
                || lockspace.kernel().inFlight().filter(mutation::equals).isEmpty()) {
            return; // it changed a predecessor that the kernel has released since
        }
        LockspaceState after = applied.outcome() instanceof Outcome.Failed failed
                ? failed(turn, lockspace, mutation, failed)
                : done(turn, lockspace, mutation, ((Outcome.Done) applied.outcome()).statusBefore(), applied.atNs());
        turn.state(turn.state().with(after));
        if (lockspace.phase().isPresent() && after.isRefused()) {
            turn.state(turn.state().withFloor(after.epoch())); // its entry is dropped
            turn.dirtyAll(); // every report shows the floor
        }
        if (!after.kernel().present() && after.kernel().inFlight().isEmpty()) {
            ObserveKernel.drop(turn, after);
        }
        if (mutation instanceof Mutation.Start || mutation instanceof Mutation.Stop) {
            turn.dirtyAll(); // comms and starts of other lockspaces may wait for this
        } else {
            turn.dirty(after);
        }
    }

    private static LockspaceState done(
            Turn turn, LockspaceState lockspace, Mutation mutation, int statusBefore, long atNs) {
        KernelSide kernel = lockspace.kernel();
        if (mutation instanceof Mutation.Stop) {
            return lockspace.withKernel(kernel.withStop(statusBefore));
        }
        if (mutation instanceof Mutation.Start start) {
            return lockspace.withKernel(
                    kernel.withStart(start.epoch(), start.view(), turn.state().nowNs()));
        }
        if (mutation instanceof Mutation.ForgetMembers) {
            return lockspace.withKernel(kernel.withForgotten());
        }
        LockspaceState idle = lockspace.withKernel(kernel.idle());
        return answered(idle, (Mutation.Answer) mutation, atNs);
    }

    /** The next question may have come before the end of the answer to the last: the kernel was faster than we. */
    private static LockspaceState answered(LockspaceState lockspace, Mutation.Answer answer, long atNs) {
        LockspaceState answered = lockspace.withUnanswered(Optional.empty());
        LockspaceState after = answer.result() < 0 ? answered.refusedAt(atNs) : answered;
        return lockspace.asks(answer.question()) ? after : lockspace;
    }

    private static LockspaceState failed(
            Turn turn, LockspaceState lockspace, Mutation mutation, Outcome.Failed failed) {
        KernelSide kernel = lockspace.kernel();
        if (failed.errorClass() == Outcome.ErrorClass.GONE) {
            // Its directory is gone: what is not there neither runs nor waits.
            if (mutation instanceof Mutation.Stop) {
                return lockspace.withKernel(kernel.withStop(0).withPresent(false));
            }
            if (mutation instanceof Mutation.Answer) {
                return lockspace.withKernel(kernel.idle().withPresent(false)).withUnanswered(Optional.empty());
            }
        }
        if (mutation instanceof Mutation.Start start && failed.errorClass() != Outcome.ErrorClass.NOT_BEGUN) {
            kernel = kernel.withDoubtfulStart(start.epoch(), start.view());
        }
        return lockspace.withKernel(
                kernel.failed(failed.message(), retryAtNs(turn.state().nowNs(), kernel.failures(), failed)));
    }

    private static void ofNode(Turn turn, Evidence.Applied applied) {
        NodeSide node = turn.state().node();
        if (applied.outcome() instanceof Outcome.Failed failed) {
            boolean gone = failed.errorClass() == Outcome.ErrorClass.GONE;
            if (applied.mutation() instanceof Mutation.AddComm add) {
                node = node.withStray(add.node());
            }
            node = gone && applied.mutation() instanceof Mutation.RemoveComm remove
                    ? node.removed(remove.node())
                    : node.failed(failed.message(), retryAtNs(turn.state().nowNs(), node.failures(), failed));
        } else if (applied.mutation() instanceof Mutation.AddComm add) {
            node = node.added(add.node(), add.boot());
        } else if (applied.mutation() instanceof Mutation.RemoveComm remove) {
            node = node.removed(remove.node());
        }
        turn.state(turn.state().with(node));
        turn.dirtyAll();
    }

    /** A machine that has reset itself does not read how that ended. */
    private static void resetFailed(Turn turn, Outcome outcome) {
        NodeSide node = turn.state().node();
        Outcome.Failed failed = outcome instanceof Outcome.Failed why
                ? why
                : new Outcome.Failed("EIO", Outcome.ErrorClass.AGAIN_LATER, "reset, yet this machine still runs");
        long retryAtNs = retryAtNs(turn.state().nowNs(), node.reset().failures(), failed);
        turn.state(turn.state().with(node.with(node.reset().failed(retryAtNs))));
        turn.dirtyAll();
    }

    private static long retryAtNs(long nowNs, int failures, Outcome.Failed failed) {
        return switch (failed.errorClass()) {
            case AGAIN_NOW -> nowNs;
            case AGAIN_LATER, NOT_BEGUN, GONE ->
                nowNs + Math.min(LONGEST_BACKOFF_NS, FIRST_BACKOFF_NS << Math.min(failures, MAX_DOUBLINGS));
            case LASTING -> nowNs + LONGEST_BACKOFF_NS;
        };
    }

    private static void log(Turn turn, LogEvent.Type type, Mutation mutation, String how) {
        String text = mutation.text() + ": " + how;
        mutation.lockspace()
                .ifPresentOrElse(
                        name -> turn.lockspace(type, name, epoch(mutation), text), () -> turn.self(type, text));
    }

    private static long epoch(Mutation mutation) {
        return mutation instanceof Mutation.Start start ? start.epoch().value() : 0;
    }
}
