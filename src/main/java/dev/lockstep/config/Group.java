// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A group of settings: all that it may hold, and what it must.
 *
 * @param fields the checks by key
 * @param required keys that have no default
 */
record Group(Map<String, Check> fields, Set<String> required) implements Check {

    Group {
        fields = Map.copyOf(fields);
        required = Set.copyOf(required);
    }

    @Override
    public boolean accepts(String path, ConfigValue value, Problems problems) {
        if (!(value instanceof ConfigObject object)) {
            return Check.refuse(path, value, "a group in { }", problems);
        }
        boolean good = true;
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            good &= acceptsField(path, entry.getKey(), entry.getValue(), problems);
        }
        for (String key : new TreeSet<>(required)) {
            if (!object.containsKey(key)) {
                problems.add(object.origin(), path + ": has no " + key);
                good = false;
            }
        }
        return good;
    }

    /**
     * {@return {@code object} without all that was refused, so that the rest can still be read and judged}
     *
     * @param refused takes the paths left out
     */
    ConfigObject withoutRefused(String path, ConfigObject object, Problems problems, Collection<String> refused) {
        ConfigObject good = object;
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            String below = join(path, entry.getKey());
            if (fields.get(entry.getKey()) instanceof Group group && entry.getValue() instanceof ConfigObject inner) {
                good = good.withValue(entry.getKey(), group.withoutRefused(below, inner, problems, refused));
            } else if (!acceptsField(path, entry.getKey(), entry.getValue(), problems)) {
                good = good.withoutKey(entry.getKey());
                refused.add(below);
            }
        }
        return good;
    }

    private boolean acceptsField(String path, String key, ConfigValue value, Problems problems) {
        String below = join(path, key);
        Check check = fields.get(key);
        if (check == null) {
            problems.add(value.origin(), "unknown setting " + below + suggestion(path, key));
            return false;
        }
        if (value.valueType() == ConfigValueType.NULL) {
            problems.add(value.origin(), below + ": null is no value; leave the setting out for its default");
            return false;
        }
        return check.accepts(below, value, problems);
    }

    private String suggestion(String path, String key) {
        List<String> elsewhere = fields.entrySet().stream()
                .flatMap(e -> e.getValue() instanceof Group inner && inner.fields.containsKey(key)
                        ? Stream.of(e.getKey() + "." + key)
                        : Stream.empty())
                .sorted()
                .toList();
        if (!elsewhere.isEmpty()) {
            return "; did you mean " + String.join(" or ", elsewhere) + "?";
        }
        // Within a list the whole path would repeat the index; the key is enough there.
        String shown = path.endsWith("]") ? "" : path;
        return Suggestion.nearest(key, fields.keySet())
                .map(near -> "; did you mean " + join(shown, near) + "?")
                .orElse("");
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
