// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

/**
 * A pattern of names.
 *
 * @param pattern '*' stands for any characters, '?' for one, all others for themselves
 */
public record Glob(String pattern) {

    /** {@return whether the whole name falls under it; in a time that no pattern makes exponential} */
    public boolean matches(String name) {
        // Greedy with one backtrack point: linear in practice.
        int g = 0;
        int n = 0;
        int star = -1;
        int mark = 0;
        while (n < name.length()) {
            if (g < pattern.length() && pattern.charAt(g) == '*') {
                star = g++;
                mark = n;
            } else if (g < pattern.length() && (pattern.charAt(g) == '?' || pattern.charAt(g) == name.charAt(n))) {
                g++;
                n++;
            } else if (star >= 0) {
                g = star + 1;
                n = ++mark;
            } else {
                return false;
            }
        }
        while (g < pattern.length() && pattern.charAt(g) == '*') {
            g++;
        }
        return g == pattern.length();
    }
}
