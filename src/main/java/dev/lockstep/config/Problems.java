// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.ConfigOrigin;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects what is wrong while the reading goes on, sorted by file and line. Confined to one thread. */
final class Problems {
    private final SortedSet<Problem> found = new TreeSet<>();
    private boolean unreadable;

    void add(ConfigOrigin origin, String message) {
        found.add(
                new Problem(source(origin), origin.filename() == null ? 0 : Math.max(0, origin.lineNumber()), message));
    }

    void add(String source, int line, String message) {
        found.add(new Problem(source, line, message));
    }

    /** Something could not be parsed at all: what follows from its absence would be no news. */
    void addUnreadable(ConfigOrigin origin, String message) {
        add(origin, message);
        unreadable = true;
    }

    /** See {@link #addUnreadable(ConfigOrigin, String)}. */
    void addUnreadable(String source, String message) {
        add(source, 0, message);
        unreadable = true;
    }

    void throwIfUnreadable() throws InvalidSettings {
        if (unreadable) {
            throwIfAny();
        }
    }

    void throwIfAny() throws InvalidSettings {
        if (!found.isEmpty()) {
            throw new InvalidSettings(List.copyOf(found));
        }
    }

    /** {@return the file, or the description without its line for what is no file} */
    static String source(ConfigOrigin origin) {
        return origin.filename() == null ? origin.withLineNumber(-1).description() : origin.filename();
    }
}
