// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import java.io.IOException;

/** A system call that failed: which, on what, with which errno. */
public final class NativeFailure extends IOException {
    private final String operation;
    private final Errno errno;
    private final String path;

    /**
     * @param operation the call, such as "pread 512 at 1048576"
     * @param errno its error
     * @param path what it was called on
     */
    public NativeFailure(String operation, Errno errno, String path) {
        super(operation + " " + path + ": " + errno.name());
        this.operation = operation;
        this.errno = errno;
        this.path = path;
    }

    /** {@return the call that failed} */
    public String operation() {
        return operation;
    }

    /** {@return its error} */
    public Errno errno() {
        return errno;
    }

    /** {@return what it was called on} */
    public String path() {
        return path;
    }
}
