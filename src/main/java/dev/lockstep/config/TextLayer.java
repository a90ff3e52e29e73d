// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Settings given one by one: as flags, or as environment variables. */
final class TextLayer {
    private static final String PREFIX = "LOCKSTEP_";

    /** Variables of that prefix that are not settings. */
    private static final Set<String> OTHER_VARIABLES =
            Set.of(Sources.FILE_VARIABLE, "LOCKSTEP_DEBUG", "LOCKSTEP_JAVA_OPTS");

    private final Problems problems;

    TextLayer(Problems problems) {
        this.problems = problems;
    }

    Config flags(Map<String, String> flags) {
        Config all = ConfigFactory.empty();
        for (Map.Entry<String, String> flag : flags.entrySet()) {
            all = parse("--set " + flag.getKey(), flag.getKey(), flag.getValue())
                    .withFallback(all);
        }
        return all;
    }

    /**
     * {@return the settings among {@code environment}}
     *
     * @param settings every setting there is, by its path
     */
    Config environment(Map<String, String> environment, List<String> settings) {
        Map<String, String> byVariable = new HashMap<>();
        settings.forEach(path -> byVariable.put(variable(path), path));
        Config all = ConfigFactory.empty();
        for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
            String name = entry.getKey();
            if (!name.startsWith(PREFIX) || OTHER_VARIABLES.contains(name)) {
                continue;
            }
            String path = byVariable.get(name);
            if (path == null) {
                problems.add("environment " + name, 0, "sets nothing" + Suggestion.clause(name, byVariable.keySet()));
            } else {
                all = parse("environment " + name, path, entry.getValue()).withFallback(all);
            }
        }
        return all;
    }

    private static String variable(String path) {
        return PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private Config parse(String source, String path, String value) {
        try {
            return ConfigFactory.parseString(
                            path + " = " + value, ConfigParseOptions.defaults().setOriginDescription(source))
                    .resolve();
        } catch (ConfigException e) {
            problems.addUnreadable(
                    source, "cannot be read: " + value + "; special characters need double quotes around the value");
            return ConfigFactory.empty();
        }
    }
}
