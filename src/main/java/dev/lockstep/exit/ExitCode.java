// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.exit;

import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** What the process tells its caller, after sysexits(3); systemd and scripts rely on the numbers. */
public enum ExitCode {
    /** Done. */
    OK(0),
    /** The command line is wrong, or what it names cannot be used. */
    USAGE(64),
    /** Something is not there: kernel support, a lockspace, a node. */
    UNAVAILABLE(69),
    /** A bug in Lockstep. */
    SOFTWARE(70),
    /** Reading or writing failed. */
    IO_ERROR(74),
    /** Not now; the same call may work later. */
    TEMPORARY(75),
    /** Not allowed. */
    NO_PERMISSION(77),
    /** The configuration is wrong, or the kernel is set up by another one. */
    CONFIG(78);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    /**
     * The number for {@link System#exit}.
     *
     * @return the process exit status
     */
    public int status() {
        return status;
    }

    /** {@return what it means that reading or writing failed so, whatever it was for} */
    public static ExitCode of(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return NO_PERMISSION;
        }
        if (failure instanceof NativeFailure call) {
            return switch (call.errno().name()) {
                // They say no, whatever is tried.
                case "EACCES", "EPERM", "EROFS" -> NO_PERMISSION;
                case "EBUSY" -> TEMPORARY;
                default -> IO_ERROR;
            };
        }
        return IO_ERROR;
    }

    /** {@return whether the same call fails again until somebody changes something} */
    public boolean isFinal() {
        return this == USAGE || this == UNAVAILABLE || this == NO_PERMISSION || this == CONFIG;
    }
}
