// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Settings given one by one: as flags, or as environment variables. */
final class TextLayer {
    private static final String PREFIX = "LOCKSTEP_";
    private static final String FLAG = "--set ";
    private static final String VARIABLE = "environment ";

    /** Variables of that prefix that are not settings. */
    private static final Set<String> OTHER_VARIABLES =
            Set.of(Sources.FILE_VARIABLE, "LOCKSTEP_DEBUG", "LOCKSTEP_JAVA_OPTS");

    private final Problems problems;

    TextLayer(Problems problems) {
        this.problems = problems;
    }

    /** {@return whether {@code source} names a flag or a variable} */
    static boolean isSource(String source) {
        return source.startsWith(FLAG) || source.startsWith(VARIABLE);
    }

    /** {@return what each flag sets, the last one first, which wins} */
    List<Config> flags(Map<String, String> flags) {
        List<Config> all = new ArrayList<>();
        flags.forEach((path, value) -> all.add(0, parse(FLAG + path, path, value)));
        return all;
    }

    /**
     * {@return what each variable among {@code environment} sets}
     *
     * @param settings every setting there is, by its path
     */
    List<Config> environment(Map<String, String> environment, List<String> settings) {
        Map<String, String> byVariable = new HashMap<>();
        settings.forEach(path -> byVariable.put(variable(path), path));
        List<Config> all = new ArrayList<>();
        for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
            String name = entry.getKey();
            if (!name.startsWith(PREFIX) || OTHER_VARIABLES.contains(name)) {
                continue;
            }
            String path = byVariable.get(name);
            if (path == null) {
                problems.add(VARIABLE + name, 0, "sets nothing" + Suggestion.clause(name, byVariable.keySet()));
            } else {
                all.add(parse(VARIABLE + name, path, entry.getValue()));
            }
        }
        return all;
    }

    private static String variable(String path) {
        return PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private Config parse(String source, String path, String value) {
        if (value.isBlank()) {
            problems.addUnreadable(source, 0, "has no value");
            return ConfigFactory.empty();
        }
        String text = path + " = " + value;
        StrictSyntax syntax = new StrictSyntax(source, text, problems);
        try {
            if (!syntax.check()) {
                return ConfigFactory.empty();
            }
            if (syntax.topLevel() > 1) {
                problems.addUnreadable(source, 0, "sets more than " + path);
            }
            return ConfigFactory.parseString(text, ConfigParseOptions.defaults().setOriginDescription(source));
        } catch (ConfigException e) {
            problems.addUnreadable(
                    source,
                    0,
                    "cannot be read: " + shown(value) + "; special characters need double quotes around the value");
            return ConfigFactory.empty();
        }
    }

    private static String shown(String value) {
        String line = value.replaceAll("\\s+", " ");
        return line.length() > 80 ? line.substring(0, 80) + "..." : line;
    }
}
