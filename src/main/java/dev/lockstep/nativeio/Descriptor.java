// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor that threads may use while another closes it: the number goes back to the kernel only when the
 * last call on it has returned, so that no call ever hits a file opened later under the same number. Closing does not
 * wait for a call that hangs.
 */
final class Descriptor implements AutoCloseable {
    private final int fd;
    private final String path;

    /** Calls in flight, plus one while open; at 0 the number is given back. */
    private final AtomicInteger users = new AtomicInteger(1);

    private final AtomicInteger open = new AtomicInteger(1);

    Descriptor(int fd, String path) {
        this.fd = fd;
        this.path = path;
    }

    /**
     * Opens a file with O_CLOEXEC; tries again when a signal interrupts it.
     *
     * @throws NativeFailure if it cannot be opened
     */
    static Descriptor open(Path path, int flags) throws NativeFailure {
        while (true) {
            try {
                return open(path.toString(), bytes(path.toString(), StandardCharsets.UTF_8), flags);
            } catch (NativeFailure e) {
                if (!e.errno().equals(Errno.EINTR)) {
                    throw e;
                }
            }
        }
    }

    /**
     * Opens a file with O_CLOEXEC, in one try.
     *
     * @param path one char per byte
     * @throws NativeFailure if it cannot be opened
     */
    static Descriptor openOnce(String path, int flags) throws NativeFailure {
        return open(path, bytes(path), flags);
    }

    private static Descriptor open(String path, byte[] nativePath, int flags) throws NativeFailure {
        try {
            return new Descriptor(Libc.open(nativePath, flags | Libc.O_CLOEXEC, 0600), path);
        } catch (LastErrorException e) {
            throw failure("open", e, path);
        }
    }

    /** {@return a path of one char per byte as a C string} */
    static byte[] bytes(String path) {
        return bytes(path, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String path, Charset charset) {
        if (path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a path has a NUL in it");
        }
        return (path + "\0").getBytes(charset);
    }

    static NativeFailure failure(String operation, LastErrorException cause, String path) {
        NativeFailure failure = new NativeFailure(operation, new Errno(cause.getErrorCode()), path);
        failure.initCause(cause);
        return failure;
    }

    NativeFailure failure(String operation, LastErrorException cause) {
        return failure(operation, cause, path);
    }

    String path() {
        return path;
    }

    /**
     * Begins a call; {@link #leave} must follow.
     *
     * @return the number
     * @throws NativeFailure EBADF if it is closed
     */
    int enter() throws NativeFailure {
        int now = users.get();
        while (open.get() == 1 && now > 0) {
            if (users.compareAndSet(now, now + 1)) {
                return fd;
            }
            now = users.get();
        }
        throw new NativeFailure("use", Errno.parse("EBADF"), path + " (closed)");
    }

    /** Ends a call. */
    void leave() {
        if (users.decrementAndGet() == 0) {
            try {
                Libc.close(fd);
            } catch (LastErrorException e) {
                // Linux gives the number back whatever close(2) returns; a write error was reported by the write.
                return;
            }
        }
    }

    @Override
    public void close() {
        if (open.compareAndSet(1, 0)) {
            leave();
        }
    }
}
