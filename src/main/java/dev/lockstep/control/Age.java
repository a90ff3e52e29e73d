// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

/** How long ago something was, for people: the two largest units. */
final class Age {
    private Age() {}

    /** {@return whole milliseconds from {@code sinceNs} to {@code nowNs}, at least 0} */
    static long ms(long sinceNs, long nowNs) {
        return Math.max(0, nowNs - sinceNs) / 1_000_000;
    }

    static String text(long ms) {
        long s = ms / 1000;
        if (s < 10) {
            return s + "." + ms % 1000 / 100 + " s";
        }
        if (s < 120) {
            return s + " s";
        }
        if (s < 7200) {
            return s / 60 + " min " + s % 60 + " s";
        }
        return s < 172_800 ? s / 3600 + " h " + s % 3600 / 60 + " min" : s / 86_400 + " d " + s % 86_400 / 3600 + " h";
    }
}
