// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;

/**
 * What a node's fence command is doing, or last did, about one life of a node. It proves nothing; a success is an
 * {@link Eviction} of the kind FENCED. Shown so that the others neither run theirs at the same time nor wait unnamed.
 *
 * @param node the node to be fenced
 * @param boot the life of its kernel that is to end
 * @param generation the heartbeat session it had, NONE where none is known
 * @param status where the attempt stands
 * @param count which attempt on this life it is, from 1
 * @param exit the command's exit status of the attempt, 0 while it runs
 */
public record FenceAttempt(NodeNumber node, BootId boot, Generation generation, Status status, int count, int exit) {

    /** The exit of a command that was killed because it took too long. */
    public static final int TIMED_OUT = 256;

    /** The exit of a command that could not be run, or whose end nobody saw. */
    public static final int UNKNOWN = 257;

    /** Where an attempt stands. */
    public enum Status {
        /** The command runs, or is about to. */
        RUNNING(1),
        /** It ended without success, or nobody saw its end. */
        FAILED(2);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        /** {@return the stable code on disk} */
        public int code() {
            return code;
        }
    }

    public FenceAttempt {
        if (count < 1 || exit < 0 || exit > UNKNOWN) {
            throw new IllegalArgumentException("fence attempt " + count + " with exit " + exit);
        }
    }

    /** {@return whether it is about that life of a node} */
    public boolean isOn(NodeNumber who, BootId life) {
        return node.equals(who) && boot.equals(life);
    }

    /** {@return the exit in words} */
    public String exitText() {
        return switch (exit) {
            case TIMED_OUT -> "took too long and was killed";
            case UNKNOWN -> "did not run, or its end was not seen";
            default -> "exit status " + exit;
        };
    }
}
