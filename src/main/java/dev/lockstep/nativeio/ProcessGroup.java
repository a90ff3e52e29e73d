// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;

/** Kills a process with everything it has started. */
public final class ProcessGroup {
    private static final int SIGKILL = 9;

    private ProcessGroup() {}

    /**
     * SIGKILL to every process of a group; one that is gone already is no error.
     *
     * @param leader the pid of the group's leader, greater than 1: kill(2) takes others for whole crowds
     * @throws NativeFailure if they may not be killed
     */
    public static void kill(long leader) throws NativeFailure {
        if (leader <= 1 || leader > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("pid " + leader + " leads no group that may be killed");
        }
        try {
            Libc.kill(-(int) leader, SIGKILL);
        } catch (LastErrorException e) {
            Errno errno = new Errno(e.getErrorCode());
            if (!errno.equals(Errno.ESRCH)) {
                throw new NativeFailure("kill", errno, "process group " + leader);
            }
        }
    }
}
