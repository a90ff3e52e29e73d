// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;

/**
 * Threads on which the writing of disks depends (prctl(2), PR_SET_IO_FLUSHER): where memory is short, the kernel finds
 * some for them without I/O and without entering a file system. One of a cluster may want a lock for that, and get none
 * until this very thread has started a lockspace.
 */
public final class IoFlusher {
    private IoFlusher() {}

    /**
     * Makes this thread one, and all that it starts from now on, and theirs. Not those that are there already, such as
     * the JVM's own.
     *
     * @throws NativeFailure without CAP_SYS_RESOURCE, or before Linux 5.6
     */
    public static void beFromHereOn() throws NativeFailure {
        prctl(Libc.PR_SET_IO_FLUSHER, 1);
    }

    /**
     * {@return whether this thread is one}
     *
     * @throws NativeFailure without CAP_SYS_RESOURCE, or before Linux 5.6
     */
    static boolean isOne() throws NativeFailure {
        return prctl(Libc.PR_GET_IO_FLUSHER, 0) == 1;
    }

    private static int prctl(int option, long value) throws NativeFailure {
        try {
            return Libc.prctl(option, value, 0, 0, 0);
        } catch (LastErrorException e) {
            throw new NativeFailure("prctl", new Errno(e.getErrorCode()), "this thread");
        }
    }
}
