// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import java.util.Comparator;

/**
 * One thing wrong with the settings.
 *
 * @param source the file, {@code --set KEY} or {@code environment NAME}
 * @param line line in the file from 1, 0 where there is none
 * @param message what is wrong and what would be right, one line
 */
public record Problem(String source, int line, String message) implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER =
            Comparator.comparing(Problem::source).thenComparing(Problem::line).thenComparing(Problem::message);

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    /** {@return {@code file:line: message}, as compilers print it, so that editors can jump there} */
    @Override
    public String toString() {
        return source + (line > 0 ? ":" + line : "") + ": " + message;
    }
}
