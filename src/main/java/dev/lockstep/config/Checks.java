// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The kinds of values there are. Each refuses what is not written exactly as its kind is. */
final class Checks {
    private static final Pattern PLAIN = Pattern.compile("0|-?[1-9][0-9]*");

    private Checks() {}

    static Check wholeNumber(long min, long max) {
        String range = min + " to " + max;
        return (path, value, problems) -> {
            boolean whole = value.unwrapped() instanceof Integer || value.unwrapped() instanceof Long;
            // The parser takes 1e3 and 31.0 for whole numbers, too, and 021 for 21.
            if (!whole || !PLAIN.matcher(Check.written(value)).matches()) {
                return Check.refuse(path, value, "a whole number, " + range, problems);
            }
            long number = ((Number) value.unwrapped()).longValue();
            if (number < min || number > max) {
                problems.add(value.origin(), path + ": " + number + " is outside " + range);
                return false;
            }
            return true;
        };
    }

    static Check flag() {
        return (path, value, problems) ->
                value.valueType() == ConfigValueType.BOOLEAN || Check.refuse(path, value, "true or false", problems);
    }

    static Check text(String needs, Predicate<String> valid) {
        return (path, value, problems) -> {
            if (value.unwrapped() instanceof String text && valid.test(text)) {
                return true;
            }
            boolean plain = value.valueType() == ConfigValueType.NUMBER || value.valueType() == ConfigValueType.BOOLEAN;
            if (plain && valid.test(Check.written(value))) {
                problems.add(
                        value.origin(),
                        path + ": needs a text; write it in double quotes: \"" + Check.written(value) + '"');
                return false;
            }
            return Check.refuse(path, value, needs, problems);
        };
    }

    static Check word(String... words) {
        List<String> known = List.of(words);
        return (path, value, problems) -> {
            if (value.unwrapped() instanceof String text && known.contains(text)) {
                return true;
            }
            String near = value.unwrapped() instanceof String text
                    ? Suggestion.clause(text.toLowerCase(Locale.ROOT), known)
                    : "";
            problems.add(
                    value.origin(),
                    path + ": needs one of " + String.join(", ", known) + ", not " + Check.shown(value) + near);
            return false;
        };
    }

    /** A word that people know and that is refused by name, because what it asks for is not built. */
    static Check refusing(String word, String why, Check otherwise) {
        return (path, value, problems) -> {
            if (word.equals(value.unwrapped())) {
                problems.add(value.origin(), path + ": " + why);
                return false;
            }
            return otherwise.accepts(path, value, problems);
        };
    }

    static Check path(String needs, Predicate<String> valid) {
        Check text = text(needs, valid);
        return (path, value, problems) -> {
            if (!text.accepts(path, value, problems)) {
                return false;
            }
            String written = (String) value.unwrapped();
            if (!PathText.isPath(written)) {
                problems.add(value.origin(), path + ": " + PathText.refusal(written));
                return false;
            }
            return true;
        };
    }

    /** A duration, or the word that stands for another thing. */
    static Check durationOr(String word, Duration min, Duration max) {
        Check duration = duration("a duration or " + word, min, max);
        return (path, value, problems) -> word.equals(value.unwrapped()) || duration.accepts(path, value, problems);
    }

    static Check duration(Duration min, Duration max) {
        return duration("a duration", min, max);
    }

    private static Check duration(String needs, Duration min, Duration max) {
        return (path, value, problems) -> {
            String written = value.valueType() == ConfigValueType.STRING ? (String) value.unwrapped() : "";
            Optional<Duration> duration = DurationText.parse(written);
            if (duration.isEmpty()) {
                problems.add(
                        value.origin(),
                        path + ": needs " + needs + ", not " + Check.shown(value) + "; " + DurationText.EXAMPLE);
                return false;
            }
            if (duration.get().compareTo(min) < 0 || duration.get().compareTo(max) > 0) {
                problems.add(
                        value.origin(),
                        path + ": " + written + " is outside " + DurationText.format(min) + " to "
                                + DurationText.format(max));
                return false;
            }
            return true;
        };
    }

    static Check listOf(Check element) {
        return listOf(element, Integer.MAX_VALUE);
    }

    /** A list of at most so many. */
    static Check listOf(Check element, int most) {
        return (path, value, problems) -> {
            if (!(value instanceof ConfigList list)) {
                return Check.refuse(path, value, "a list in [ ]", problems);
            }
            if (list.size() > most) {
                problems.add(
                        value.origin(), path + ": has " + list.size() + " elements, at most " + most + " are taken");
                return false;
            }
            boolean good = true;
            int index = 0;
            for (ConfigValue item : list) {
                good &= element.accepts(path + "[" + index++ + "]", item, problems);
            }
            return good;
        };
    }
}
