// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

/** What a node says of a lockspace on the board. A lockspace that is not listed is ABSENT there. */
public enum Phase {
    /** Asks to be taken into the next view; its kernel lockspace is born stopped and never ran in this join. */
    JOINING(1),
    /** Its kernel is stopped for the epoch given, and stays so until all of the view are. */
    STOPPED(2),
    /** Its kernel runs, or recovers, under the epoch and view given. */
    STARTED(3),
    /** Its kernel is stopped and in release; holds no locks and will never start in this join. */
    LEAVING(4);

    private final int code;

    Phase(int code) {
        this.code = code;
    }

    /** {@return the stable code on disk} */
    public int code() {
        return code;
    }
}
