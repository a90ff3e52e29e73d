// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;

/**
 * Memory that stays: what was used once must not be thrown away when memory is short and read from a disk again, which
 * may be the one that hangs (mlockall(2)).
 */
public final class LockedMemory {
    private LockedMemory() {}

    /**
     * Keeps every page of this process that was touched, and each that will be, from then on. Not those that never
     * were: a JVM maps many times what it uses.
     *
     * @throws NativeFailure without CAP_IPC_LOCK
     */
    public static void keepTouched() throws NativeFailure {
        try {
            Libc.mlockall(Abi.HERE.mclOnFault());
        } catch (LastErrorException e) {
            throw new NativeFailure("mlockall", new Errno(e.getErrorCode()), "this process");
        }
    }
}
