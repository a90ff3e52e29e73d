// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Refuses what HOCON allows and what settings are better without, before the parser makes something else of it than was
 * meant: values joined because a comma is missing, keys given twice, includes, substitutions. Knows as much of the
 * grammar as that takes; what it lets through, the parser judges.
 */
final class StrictSyntax {
    /** The deepest setting needs three. */
    private static final int MAX_DEPTH = 16;

    /** The parser goes down into itself for each part of one. */
    private static final int MAX_KEY_LENGTH = 256;

    private static final String TOO_DEEP = "settings are nested more than " + MAX_DEPTH + " deep";
    private static final String INCLUDE = "include";
    private static final String SUBSTITUTION = "${";

    private final SettingsText text;
    private final Problems problems;
    private final GivenKeys given = new GivenKeys();
    private int depth;
    private int topLevel;
    private boolean parseable = true;

    StrictSyntax(String source, String text, Problems problems) {
        this.text = new SettingsText(source, text);
        this.problems = problems;
    }

    /**
     * {@return whether the parser may read the text, for more problems than those recorded}
     *
     * @throws ConfigException.Parse where the rest of the text cannot be understood
     */
    boolean check() {
        text.skipLines();
        if (text.next() == '{') {
            braces(given, List.of());
            text.skipLines();
            if (text.next() != SettingsText.END) {
                throw text.wrong("something stands behind the bracket that closes the settings");
            }
        } else {
            members(given, List.of(), SettingsText.END, 0);
        }
        return parseable;
    }

    /** {@return how many settings or groups were given, without looking into groups} */
    int topLevel() {
        return topLevel;
    }

    /** {@return the paths of all settings given} */
    Set<String> paths() {
        return given.values();
    }

    private void braces(GivenKeys keys, List<String> above) {
        int line = open();
        members(keys, above, '}', line);
        close();
    }

    private void members(GivenKeys keys, List<String> above, int end, int opened) {
        while (more(end, opened)) {
            if (keys.equals(given) && above.isEmpty()) {
                topLevel++;
            }
            member(keys, above);
        }
    }

    private void list() {
        int line = open();
        while (more(']', line)) {
            value(new GivenKeys(), List.of(), text.line(), true);
        }
        close();
    }

    private int open() {
        int line = text.line();
        if (++depth > MAX_DEPTH) {
            throw text.wrong(TOO_DEEP);
        }
        text.skip(1);
        return line;
    }

    private void close() {
        text.skip(1);
        depth--;
    }

    private boolean more(int end, int opened) {
        text.skipSeparators();
        if (text.next() == end) {
            return false;
        }
        if (text.next() == SettingsText.END) {
            throw text.wrong(opened, "a bracket that is opened here is still open at the end of the file");
        }
        if (text.next() == '}' || text.next() == ']') {
            throw text.wrong("'" + (char) text.next() + "' closes no bracket"
                    + (opened > 0 ? "; the last one was opened in line " + opened + ", of the other kind" : ""));
        }
        return true;
    }

    private void member(GivenKeys keys, List<String> above) {
        int line = text.line();
        String key = key();
        List<String> path =
                Stream.concat(above.stream(), elements(key, line).stream()).toList();
        if (text.startsWith("+=")) {
            refuse(line, key + ": += is not taken; write the whole list");
            parseable = false;
            text.skip(2);
        } else if (text.next() != '{') {
            text.skip(1);
        }
        text.skipBlanks();
        if (text.next() == '\n') {
            text.skipLines();
            if (text.next() != '{' && text.next() != '[') {
                throw text.wrong(line, key + ": has no value in its line");
            }
        }
        value(keys, path, line, false);
    }

    /** Up to what makes it one. */
    private String key() {
        int line = text.line();
        int start = text.position();
        int end = start;
        text.skipBlanks();
        while (text.next() != '=' && text.next() != ':' && text.next() != '{' && !text.startsWith("+=")) {
            if (text.next() == '"') {
                text.skipQuoted();
            } else if (text.isAtPlain()) {
                text.skipPlain();
            } else {
                text.skipLines();
                if (text.next() == '{' && end > start && text.line() > line) {
                    break;
                }
                throw end > start
                        ? text.wrong(line, text.between(start, end) + ": has no '=' and no value")
                        : text.wrong("'" + (char) text.next() + "' cannot stand here");
            }
            end = text.position();
            if (text.between(start, end).equals(INCLUDE)) {
                text.skipBlanks();
                if (text.next() != '=' && text.next() != ':') {
                    throw text.wrong(
                            line, "include: settings do not include other files; put them into conf.d beside this one");
                }
            }
            text.skipBlanks();
        }
        return text.between(start, end);
    }

    private List<String> elements(String key, int line) {
        if (key.length() > MAX_KEY_LENGTH) {
            throw text.wrong(line, "a name of more than " + MAX_KEY_LENGTH + " characters is that of no setting");
        }
        try {
            return ConfigUtil.splitPath(key);
        } catch (ConfigException e) {
            throw text.wrong(line, "\"" + key + "\" is no name of a setting");
        }
    }

    /** One value up to what ends it; nobody wants a second one before that joined to the first. */
    private void value(GivenKeys keys, List<String> path, int line, boolean inList) {
        Optional<ConfigException.Parse> joined = Optional.empty();
        boolean empty = true;
        boolean words = !inList;
        for (text.skipBlanks(); !isAtEnd(); text.skipBlanks()) {
            words &= text.isAtPlain();
            if (empty) {
                keys.add(path, text.next() == '{', line).ifPresent(problem -> refuse(line, problem));
            } else if (!words && joined.isEmpty() && isAtValue()) {
                parseable = false; // what the parser makes of it would only be complained of once more
                joined = Optional.of(text.wrong("two values without a comma or a new line between them;"
                        + " a text with blanks or special characters needs double quotes"));
            }
            piece(empty ? keys : new GivenKeys(), empty ? path : List.of(), joined);
            empty = false;
        }
        if (empty) {
            throw text.wrong(line, String.join(".", path) + ": has no value");
        }
        joined.ifPresent(e -> problems.addUnreadable("", e));
    }

    private void piece(GivenKeys keys, List<String> path, Optional<ConfigException.Parse> joined) {
        if (text.next() == '{') {
            braces(keys, path);
        } else if (text.next() == '[') {
            list();
        } else if (text.next() == '"') {
            text.skipQuoted();
        } else if (text.startsWith(SUBSTITUTION)) {
            substitution();
        } else if (text.isAtPlain()) {
            text.skipPlain();
        } else {
            String reserved = "'" + (char) text.next() + "' cannot stand here; a text with special characters needs"
                    + " double quotes";
            throw joined.orElseGet(() -> text.wrong(reserved));
        }
    }

    private void substitution() {
        int line = text.line();
        int start = text.position();
        while (text.next() != '}') {
            if (text.next() == SettingsText.END || text.next() == '\n') {
                throw text.wrong(line, "${ is not closed in its line");
            }
            text.skip(1);
        }
        text.skip(1);
        refuse(line, text.between(start, text.position()) + ": settings do not refer to others; write the value");
        parseable = false;
    }

    private boolean isAtValue() {
        return text.next() == '{' || text.next() == '[' || text.next() == '"' || text.isAtPlain();
    }

    private boolean isAtEnd() {
        int c = text.next();
        return c == SettingsText.END || c == '\n' || c == ',' || c == '}' || c == ']';
    }

    private void refuse(int line, String message) {
        problems.addUnreadable(text.origin(line), message);
    }
}
