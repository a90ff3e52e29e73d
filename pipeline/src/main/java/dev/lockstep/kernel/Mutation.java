// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernel;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.sorted.SortedArraySet;
import dev.lockstep.uevent.Uevent;
import java.util.Optional;
import java.util.SortedSet;

/**
 * One change to the kernel. Every mutation can be done again after it failed half-way: it states what shall be, and
 * the driver writes the difference. Executed on one thread per lockspace (see {@link #lockspace()}), never cancelled.
 */
public sealed interface Mutation {

    /** {@return the lockspace whose lane executes this, empty for the node's own lane} */
    Optional<LockspaceName> lockspace();

    /** {@return what is done, in a few words for people} */
    String text();

    /** A mutation of one lockspace. */
    sealed interface OfLockspace extends Mutation {
        /** {@return the lockspace} */
        LockspaceName name();

        @Override
        default Optional<LockspaceName> lockspace() {
            return Optional.of(name());
        }
    }

    /** A mutation of the node as a whole. */
    sealed interface OfNode extends Mutation {
        @Override
        default Optional<LockspaceName> lockspace() {
            return Optional.empty();
        }
    }

    /**
     * {@code control} = 0. Returns when the kernel has stopped; may block for as long as a lock call is inside.
     *
     * @param name the lockspace
     * @param why for the log
     */
    record Stop(LockspaceName name, String why) implements OfLockspace {
        @Override
        public String text() {
            return "stop (" + why + ")";
        }
    }

    /**
     * {@code id}, nodir, members into configfs, then {@code control} = 1. Returns before the recovery has ended.
     *
     * @param name the lockspace
     * @param epoch the agreed epoch
     * @param view the agreed members
     * @param renew members whose configfs entry is made anew (rmdir, mkdir): they left and came back in between
     */
    record Start(LockspaceName name, Epoch epoch, View view, SortedSet<NodeNumber> renew) implements OfLockspace {
        @Override
        public String text() {
            return "start with " + view.nodes() + (renew.isEmpty() ? "" : ", renewing " + renew);
        }

        public Start {
            renew = SortedArraySet.copyOf(renew);
        }
    }

    /**
     * Own members and the lockspace's directory out of configfs: after the last {@code control} = 0 of a leave.
     *
     * @param name the lockspace
     */
    record ForgetMembers(LockspaceName name) implements OfLockspace {
        @Override
        public String text() {
            return "forget the members";
        }
    }

    /**
     * {@code event_done}: the one answer to one uevent.
     *
     * @param name the lockspace
     * @param question ONLINE or OFFLINE
     * @param result 0, or a negative errno that refuses a join; never positive
     */
    record Answer(LockspaceName name, Uevent.Action question, int result) implements OfLockspace {
        @Override
        public String text() {
            return "answer " + question + " with " + result;
        }

        public Answer {
            if (result > 0) {
                throw new IllegalArgumentException("a positive event_done crashes old kernels: " + result);
            }
        }
    }

    /**
     * mkdir comms/N with the node's address: from now on the kernel talks to this boot of it.
     *
     * @param node the peer
     * @param boot the life of its kernel the comm is for
     */
    record AddComm(NodeNumber node, BootId boot) implements OfNode {
        @Override
        public String text() {
            return "add the comm of node " + node + " under boot " + boot;
        }
    }

    /**
     * rmdir comms/N: marks the node failed (journals are replayed) and forgets its connection. Panics the kernel under
     * a running lockspace that has the node, so the plan allows it only when none has.
     *
     * @param node the peer
     * @param why for the log
     */
    record RemoveComm(NodeNumber node, String why) implements OfNode {
        @Override
        public String text() {
            return "remove the comm of node " + node + " (" + why + ")";
        }
    }

    /**
     * Runs the fence command on a peer. Not of the node's lane: it may take a minute, and holds up nothing.
     *
     * @param node the peer
     * @param boot the life of its kernel that is to end
     * @param generation the heartbeat session it had, NONE where none is known
     * @param count which attempt on that life it is, from 1
     */
    record FenceNode(NodeNumber node, BootId boot, Generation generation, int count) implements Mutation {
        @Override
        public Optional<LockspaceName> lockspace() {
            return Optional.empty();
        }

        @Override
        public String text() {
            return "fence node " + node + " under boot " + boot + ", attempt " + count;
        }
    }

    /**
     * Resets this machine at once: it must go.
     *
     * @param why for the log and the console
     */
    record ResetNode(String why) implements OfNode {
        @Override
        public String text() {
            return "reset this node (" + why + ")";
        }
    }
}
