// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What failed, for a person at a terminal: the path, then what is the matter with it. */
public final class PlainWords {
    private PlainWords() {}

    /** {@return one line; the name of an errno stays in it, for whoever looks it up} */
    public static String of(IOException failure) {
        if (failure instanceof NativeFailure call) {
            String words = words(call.errno());
            return words.isEmpty()
                    ? String.valueOf(call.getMessage())
                    : call.operation() + " " + call.path() + ": " + words + " (" + call.errno() + ")";
        }
        // Without a reason its message is the path alone; the class says what happened.
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return file.getMessage() + ": " + words(file);
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static String words(Errno errno) {
        return switch (errno.name()) {
            case "EACCES" -> "permission denied";
            case "EPERM" -> "not permitted";
            case "EROFS" -> "read-only";
            case "ENOENT" -> "no such file";
            case "ENOTDIR" -> "is no directory";
            case "EISDIR" -> "is a directory";
            case "EBUSY" -> "in use";
            case "ENOSPC" -> "no space left";
            case "EIO" -> "input or output failed";
            default -> "";
        };
    }

    private static String words(FileSystemException file) {
        if (file instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (file instanceof NoSuchFileException) {
            return "no such file";
        }
        if (file instanceof NotDirectoryException) {
            return "is no directory";
        }
        if (file instanceof FileAlreadyExistsException) {
            return "is there already";
        }
        return file.getClass().getSimpleName().replace("Exception", "");
    }
}
