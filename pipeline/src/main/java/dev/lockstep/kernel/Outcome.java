// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernel;

/** How a mutation ended. */
public sealed interface Outcome {

    /**
     * Every write returned.
     *
     * @param statusBefore for a Stop, {@code recover_status} as read just before {@code control} = 0 was written: not
     *     0 tells that the last start's members were processed; -1 for every other mutation
     */
    record Done(int statusBefore) implements Outcome {
        /** A mutation other than Stop has ended well. */
        public static final Done DONE = new Done(-1);
    }

    /**
     * A write failed; what was written before it stays. The scope is planned anew after a backoff.
     *
     * @param errno the error's name, such as EBUSY
     * @param errorClass whether waiting may help
     * @param message operation, path and error, for people
     */
    record Failed(String errno, ErrorClass errorClass, String message) implements Outcome {}

    /**
     * A fence command has ended.
     *
     * @param status its exit status, or TIMED_OUT or UNKNOWN of {@link dev.lockstep.board.FenceAttempt}; 0: the node is
     *     off for certain, or was
     * @param said the end of what it printed, or why it did not run
     */
    record Exited(int status, String said) implements Outcome {}

    /** What to do about an error. */
    enum ErrorClass {
        /** EINTR: at once. */
        AGAIN_NOW,
        /** EAGAIN, EBUSY, ENOMEM, EIO: after a backoff. */
        AGAIN_LATER,
        /** Nothing was written, for a reason of the agent's own: after a backoff, and all is as it was before. */
        NOT_BEGUN,
        /** The thing is not there any more (ENOENT of a lockspace): read the kernel again. */
        GONE,
        /** Anything else: will not get better by itself; shown, and tried at the longest backoff. */
        LASTING
    }
}
