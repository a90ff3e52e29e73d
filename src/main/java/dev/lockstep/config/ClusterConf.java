// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The o2cb tools' cluster.conf, strictly as ocfs2-tools read it (o2cb.cluster.conf(5) and what the parser does): a
 * stanza starts in column 0 with {@code word:}, its attributes are indented {@code key = value} lines, it ends at an
 * empty line; {@code #} is a comment in column 0 only. Values continued by a final backslash are refused.
 *
 * @param stanzas in the order of the file
 */
record ClusterConf(List<Stanza> stanzas) {
    private static final Pattern HEADER = Pattern.compile("([A-Za-z0-9_]+):[ \\t]*");
    private static final Pattern ATTRIBUTE = Pattern.compile("[ \\t]+([A-Za-z0-9_]+)[ \\t]*=[ \\t]*(.*)");

    ClusterConf {
        stanzas = List.copyOf(stanzas);
    }

    /**
     * One stanza.
     *
     * @param type {@code cluster}, {@code node} or {@code heartbeat}
     * @param line its first line, from 1
     * @param attributes by key, with blanks at the end removed
     */
    record Stanza(String type, int line, Map<String, Attribute> attributes) {
        Stanza {
            attributes = Map.copyOf(attributes);
        }

        Optional<Attribute> attribute(String key) {
            return Optional.ofNullable(attributes.get(key));
        }

        boolean has(String key, String value) {
            return attribute(key).filter(a -> a.value().equals(value)).isPresent();
        }
    }

    /** One attribute with its line, from 1. */
    record Attribute(String value, int line) {}

    /**
     * Parses the file's text.
     *
     * @param file its name, for the problems
     * @param problems takes every line the o2cb tools would refuse
     */
    static ClusterConf parse(String file, String text, Problems problems) {
        List<Stanza> stanzas = new ArrayList<>();
        Map<String, Attribute> open = new HashMap<>();
        String type = "";
        int start = 0;
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            int number = i + 1;
            String line = lines.get(i);
            if (line.startsWith("#")) {
                continue;
            }
            Matcher header = HEADER.matcher(line);
            Matcher attribute = ATTRIBUTE.matcher(line);
            if (line.isBlank() || header.matches()) {
                if (!type.isEmpty()) {
                    stanzas.add(new Stanza(type, start, open));
                }
                type = line.isBlank() ? "" : header.group(1);
                start = number;
                open = new HashMap<>();
            } else if (!attribute.matches()) {
                problems.add(file, number, "neither a stanza in column 0 nor an indented key = value");
            } else if (type.isEmpty()) {
                problems.add(file, number, attribute.group(1) + " stands outside a stanza");
            } else if (attribute.group(2).endsWith("\\")) {
                problems.add(file, number, attribute.group(1) + ": continued values are not supported");
            } else {
                Attribute written = new Attribute(attribute.group(2).stripTrailing(), number);
                Attribute earlier = open.putIfAbsent(attribute.group(1), written);
                if (earlier != null) {
                    problems.add(file, number, attribute.group(1) + " is given twice, first in line " + earlier.line());
                }
            }
        }
        if (!type.isEmpty()) {
            stanzas.add(new Stanza(type, start, open));
        }
        return new ClusterConf(stanzas);
    }

    /** {@return the stanzas of one type} */
    List<Stanza> ofType(String type) {
        return stanzas.stream().filter(s -> s.type().equals(type)).toList();
    }
}
