// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;

/** The text of settings, read from left to right as HOCON has it: blanks, comments, quoted texts, plain words. */
final class SettingsText {
    /** What {@link #next} gives behind the last character. */
    static final int END = -1;

    private static final String RESERVED = "$\"{}[]:=,+#`^?!@*&\\";
    private static final String TRIPLE = "\"\"\"";

    private final String source;
    private final String text;
    private int position;
    private int line = 1;

    SettingsText(String source, String text) {
        this.source = source;
        this.text = text;
    }

    int line() {
        return line;
    }

    int position() {
        return position;
    }

    String between(int start, int end) {
        return text.substring(start, end);
    }

    int next() {
        return position < text.length() ? text.charAt(position) : END;
    }

    boolean startsWith(String token) {
        return text.startsWith(token, position);
    }

    void skip(int characters) {
        for (int i = 0; i < characters; i++) {
            if (text.charAt(position++) == '\n') {
                line++;
            }
        }
    }

    /** Skips what separates nothing: blanks, and a comment up to the end of its line. */
    void skipBlanks() {
        while (isBlank(next())) {
            skip(1);
        }
        if (isComment()) {
            while (next() != END && next() != '\n') {
                skip(1);
            }
        }
    }

    /** Skips blanks, comments and lines. */
    void skipLines() {
        skipBlanks();
        while (next() == '\n') {
            skip(1);
            skipBlanks();
        }
    }

    /** Skips all that may stand between two settings, or between two elements of a list. */
    void skipSeparators() {
        skipLines();
        if (next() == ',') {
            skip(1);
            skipLines();
        }
        if (next() == ',') {
            throw wrong("nothing stands before this comma");
        }
    }

    void skipQuoted() {
        int start = line;
        if (startsWith(TRIPLE)) {
            int end = text.indexOf(TRIPLE, position + TRIPLE.length());
            if (end < 0) {
                throw wrong(start, "the three double quotes here are never closed");
            }
            skip(end + TRIPLE.length() - position);
            while (next() == '"') { // those belong to the text
                skip(1);
            }
            return;
        }
        skip(1);
        while (next() != '"') {
            if (next() == END || next() == '\n') {
                throw wrong(start, "a double quote is not closed in its line");
            }
            skip(next() == '\\' && position + 1 < text.length() ? 2 : 1);
        }
        skip(1);
    }

    boolean isAtPlain() {
        int c = next();
        return c != END && c != '\n' && !isBlank(c) && RESERVED.indexOf(c) < 0 && !isComment();
    }

    void skipPlain() {
        while (isAtPlain()) {
            skip(1);
        }
        if (startsWith("//")) {
            throw wrong("// begins a comment here; if it is part of the text, that needs double quotes");
        }
    }

    ConfigOrigin origin(int of) {
        return ConfigOriginFactory.newSimple(source).withLineNumber(of);
    }

    /** {@return the end of all reading, at the present line} */
    ConfigException.Parse wrong(String message) {
        return wrong(line, message);
    }

    ConfigException.Parse wrong(int at, String message) {
        return new ConfigException.Parse(origin(at), message);
    }

    private boolean isComment() {
        return next() == '#' || startsWith("//");
    }

    /** As the parser has it, which takes all lines' ends but {@code \n} for blanks, too. */
    private static boolean isBlank(int c) {
        return c != '\n'
                && c != END
                && (Character.isWhitespace(c) || c == 0xA0 || c == 0x2007 || c == 0x202F || c == 0xFEFF);
    }
}
