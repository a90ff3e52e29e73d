// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.ConfigUtil;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The keys that one file, or one object in a list, has given so far. A group may be given in parts, a value once. */
final class GivenKeys {
    private final Map<String, Integer> values = new HashMap<>();
    private final Map<String, Integer> groups = new HashMap<>();

    /**
     * Adds one key.
     *
     * @param path from the root; empty: the root itself
     * @return what was given before and does not go with it
     */
    Optional<String> add(List<String> path, boolean isGroup, int line) {
        for (int length = 1; length < path.size(); length++) {
            String above = ConfigUtil.joinPath(path.subList(0, length));
            if (values.containsKey(above)) {
                return Optional.of(
                        ConfigUtil.joinPath(path) + ": " + above + " is given otherwise in line " + values.get(above));
            }
            groups.putIfAbsent(above, line);
        }
        if (path.isEmpty()) {
            return Optional.empty();
        }
        String key = ConfigUtil.joinPath(path);
        Integer earlier = values.get(key);
        if (earlier == null && !isGroup) {
            earlier = groups.get(key);
        }
        if (earlier != null) {
            return Optional.of(key + " is given twice, first in line " + earlier);
        }
        (isGroup ? groups : values).putIfAbsent(key, line);
        return Optional.empty();
    }

    /** {@return the paths of all values given, in alphabetical order} */
    Set<String> values() {
        return new TreeSet<>(values.keySet());
    }
}
