// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths as people write them. The JDK encodes them for the locale it was started in, and some it cannot. */
public final class PathText {
    private PathText() {}

    static boolean isPath(String text) {
        try {
            return !Path.of(text).toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** {@return what to say of a text that cannot be a path} */
    public static String refusal(String text) {
        return "the path \"" + text + "\" has characters that this process's locale has no bytes for;"
                + " set LC_ALL=C.UTF-8, or name it otherwise";
    }
}
