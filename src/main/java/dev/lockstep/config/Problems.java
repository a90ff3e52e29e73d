// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects what is wrong while the reading goes on, sorted by file and line. Confined to one thread. */
final class Problems {
    private final SortedSet<Problem> found = new TreeSet<>();
    private boolean unreadable;

    void add(ConfigOrigin origin, String message) {
        found.add(new Problem(source(origin), line(origin), message));
    }

    void add(String source, int line, String message) {
        found.add(new Problem(source, line, message));
    }

    /** Something could not be parsed at all: what follows from its absence would be no news. */
    void addUnreadable(ConfigOrigin origin, String message) {
        add(origin, message);
        unreadable = true;
    }

    /**
     * See {@link #addUnreadable(ConfigOrigin, String)}.
     *
     * @param source where {@code e} does not say it
     */
    void addUnreadable(String source, ConfigException e) {
        String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        if (e.origin() == null) {
            addUnreadable(source, 0, message);
            return;
        }
        String place = e.origin().description() + ": ";
        addUnreadable(e.origin(), message.startsWith(place) ? message.substring(place.length()) : message);
    }

    /** See {@link #addUnreadable(ConfigOrigin, String)}. */
    void addUnreadable(String source, int line, String message) {
        add(source, line, message);
        unreadable = true;
    }

    void throwIfUnreadable() throws InvalidSettings {
        if (unreadable) {
            throwIfAny();
        }
    }

    List<Problem> all() {
        return List.copyOf(found);
    }

    /** Tells what is no reason to throw, too, if there is anything wrong besides. */
    void throwIfAny(Problems doubts, Problems hindrances) throws InvalidSettings {
        if (!found.isEmpty()) {
            found.addAll(doubts.found);
            found.addAll(hindrances.found);
        }
        throwIfAny();
    }

    void throwIfAny() throws InvalidSettings {
        if (!found.isEmpty()) {
            throw new InvalidSettings(all());
        }
    }

    /** {@return the file, the flag or the variable} */
    static String source(ConfigOrigin origin) {
        return origin.withLineNumber(-1).description();
    }

    /** {@return the line from 1; 0 where there is none, or where it would tell nothing} */
    static int line(ConfigOrigin origin) {
        return TextLayer.isSource(source(origin)) ? 0 : Math.max(0, origin.lineNumber());
    }
}
