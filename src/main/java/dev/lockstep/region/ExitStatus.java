// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** What the commands of this package return, after sysexits(3). */
final class ExitStatus {
    static final int OK = 0;
    /** The device named is not one the command may or can be used on. */
    static final int USAGE = 64;

    private static final int IO_ERROR = 74;
    private static final int TEMPORARY = 75;
    private static final int NO_PERMISSION = 77;

    private ExitStatus() {}

    static int of(IOException failure) {
        if (failure instanceof UnusableRegion) {
            return USAGE;
        }
        if (failure instanceof AccessDeniedException) {
            return NO_PERMISSION;
        }
        if (failure instanceof NativeFailure call) {
            return switch (call.errno().name()) {
                case "EACCES", "EPERM", "EROFS" -> NO_PERMISSION;
                case "EBUSY" -> TEMPORARY;
                case "ENOENT", "ENOTDIR", "EISDIR" -> USAGE;
                default -> IO_ERROR;
            };
        }
        return IO_ERROR;
    }
}
