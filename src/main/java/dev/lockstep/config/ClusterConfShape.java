// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import dev.lockstep.config.ClusterConf.Attribute;
import dev.lockstep.config.ClusterConf.Stanza;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether cluster.conf holds only what there is, and together what it says: the o2cb tools load it without a word about
 * the rest, and a node that is missing for a slip of the pen is missing on one machine only.
 */
final class ClusterConfShape {
    private static final String CLUSTER = "cluster";
    private static final String NODE_COUNT = "node_count";

    /** o2cb.cluster.conf(5). */
    private static final Map<String, Set<String>> KNOWN = Map.of(
            CLUSTER,
            Set.of("name", NODE_COUNT, "heartbeat_mode"),
            "node",
            Set.of(CLUSTER, "name", "number", "ip_address", "ip_port"),
            "heartbeat",
            Set.of(CLUSTER, "region"));

    private final String file;
    private final Problems problems;

    ClusterConfShape(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    void check(ClusterConf conf) {
        conf.stanzas().forEach(this::known);
        Map<String, Integer> clusters = new HashMap<>();
        for (Stanza cluster : conf.ofType(CLUSTER)) {
            cluster.attribute("name").ifPresent(name -> {
                Integer earlier = clusters.putIfAbsent(name.value(), cluster.line());
                if (earlier != null) {
                    problems.add(file, name.line(), "cluster " + name.value() + " is already in line " + earlier);
                }
            });
            count(cluster, conf.ofType("node"));
        }
        for (Stanza stanza : conf.stanzas()) {
            if (!stanza.type().equals(CLUSTER)) {
                member(stanza, clusters.keySet());
            }
        }
    }

    private void known(Stanza stanza) {
        Set<String> keys = KNOWN.get(stanza.type());
        if (keys == null) {
            problems.add(
                    file,
                    stanza.line(),
                    "unknown stanza " + stanza.type() + Suggestion.clause(stanza.type(), KNOWN.keySet()));
            return;
        }
        new TreeMap<>(stanza.attributes()).forEach((key, attribute) -> {
            if (!keys.contains(key)) {
                problems.add(
                        file,
                        attribute.line(),
                        stanza.type() + ": unknown attribute " + key + Suggestion.clause(key, keys));
            }
        });
    }

    private void count(Stanza cluster, List<Stanza> nodes) {
        Optional<Attribute> written = cluster.attribute(NODE_COUNT);
        Optional<Attribute> name = cluster.attribute("name");
        if (written.isEmpty() || name.isEmpty()) {
            problems.add(file, cluster.line(), "cluster: has no " + (name.isEmpty() ? "name" : NODE_COUNT));
            return;
        }
        long listed = nodes.stream()
                .filter(node -> node.has(CLUSTER, name.get().value()))
                .count();
        if (!written.get().value().equals(Long.toString(listed))) {
            problems.add(
                    file,
                    written.get().line(),
                    NODE_COUNT + " = " + written.get().value() + ", and " + listed + " nodes of cluster "
                            + name.get().value() + " are listed");
        }
    }

    private void member(Stanza stanza, Set<String> clusters) {
        Optional<Attribute> cluster = stanza.attribute(CLUSTER);
        if (cluster.isPresent() && !clusters.contains(cluster.get().value())) {
            problems.add(
                    file,
                    cluster.get().line(),
                    stanza.type() + ": cluster " + cluster.get().value() + " is not in this file"
                            + Suggestion.clause(cluster.get().value(), clusters));
        } else if (cluster.isEmpty() && KNOWN.containsKey(stanza.type())) {
            problems.add(file, stanza.line(), stanza.type() + ": has no " + CLUSTER);
        }
    }
}
