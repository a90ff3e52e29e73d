// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

/** Text from outside, made harmless for a terminal. */
final class Printable {
    private Printable() {}

    /** {@return {@code text} on one line, every control character as {@code ?}} */
    static String line(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return out.toString();
    }
}
