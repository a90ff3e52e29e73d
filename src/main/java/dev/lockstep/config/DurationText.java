// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as people write it: a number, and always a unit. */
final class DurationText {
    static final String EXAMPLE = "write it like 500 ms, 2 s, 1 min or 1 h";

    private static final Pattern FORMAT = Pattern.compile("((?:0|[1-9]\\d{0,8})(?:\\.\\d{1,9})?)\\s*([a-z]+)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "min", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));

    private DurationText() {}

    /** {@return the duration, or empty if {@code text} is none, has no unit, or is finer than a nanosecond} */
    static Optional<Duration> parse(String text) {
        Matcher matcher = FORMAT.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Duration unit = UNITS.get(matcher.group(2));
        if (unit == null) {
            return Optional.empty();
        }
        BigDecimal ns = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit.toNanos()));
        try {
            return Optional.of(Duration.ofNanos(ns.longValueExact()));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** {@return the duration in the largest unit that keeps it whole} */
    static String format(Duration duration) {
        long ms = duration.toMillis();
        return ms % 1000 == 0 ? ms / 1000 + " s" : ms + " ms";
    }
}
