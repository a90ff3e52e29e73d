// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An exclusive lock on a file (flock). The kernel drops it when the last thread of the process that holds it is gone,
 * one that hangs in a system call included, so who gets it knows that no call of a predecessor is left.
 */
public final class LockFile implements AutoCloseable {
    private final Descriptor descriptor;

    private LockFile(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Tries to lock, without waiting.
     *
     * @param path the file; made if it is not there
     * @return the lock, empty if somebody else holds it
     * @throws NativeFailure if the file cannot be opened or locked
     */
    public static Optional<LockFile> tryLock(Path path) throws NativeFailure {
        Descriptor file = Descriptor.open(path, Libc.O_RDWR | Libc.O_CREAT);
        int fd = file.enter();
        try {
            Libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB);
            return Optional.of(new LockFile(file));
        } catch (LastErrorException e) {
            file.close();
            NativeFailure failure = file.failure("flock", e);
            if (failure.errno().equals(Errno.EAGAIN)) {
                return Optional.empty();
            }
            throw failure;
        } finally {
            file.leave();
        }
    }

    /** Unlocks; the file stays. */
    @Override
    public void close() {
        descriptor.close();
    }
}
