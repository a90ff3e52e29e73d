// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import dev.lockstep.config.ClusterConf.Attribute;
import dev.lockstep.config.ClusterConf.Stanza;
import dev.lockstep.domain.NodeNumber;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Takes one cluster's nodes out of cluster.conf. */
final class ClusterConfNodes {
    private static final int PORT_MAX = 65534;

    private final String file;
    private final Problems problems;

    ClusterConfNodes(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /**
     * {@return the nodes of {@code cluster} with their places; after a problem some may be missing}
     *
     * @param cluster the cluster's name, exactly as its stanza has it
     */
    List<Placed<Node>> nodes(ClusterConf conf, String cluster) {
        List<Stanza> clusters = conf.ofType("cluster").stream()
                .filter(s -> s.has("name", cluster))
                .toList();
        if (clusters.isEmpty()) {
            List<String> names = names(conf);
            String named = " named " + cluster + "; set cluster-name to one of " + String.join(", ", names) + ", or";
            problems.add(
                    file, 0, "has no cluster" + (names.isEmpty() ? ";" : named) + " list the nodes in lockstep.conf");
            return List.of();
        }
        Stanza own = clusters.get(0);
        own.attribute("name").ifPresent(this::name);
        own.attribute("heartbeat_mode").ifPresent(this::refuseGlobalMode);
        if (conf.ofType("node").stream().noneMatch(s -> s.has("cluster", cluster))) {
            problems.add(
                    file, own.line(), "cluster " + cluster + " has no nodes: no node stanza says cluster = " + cluster);
        }
        List<Placed<Node>> nodes = new ArrayList<>();
        for (Stanza stanza : conf.ofType("node")) {
            if (stanza.has("cluster", cluster)) {
                node(stanza).ifPresent(node -> nodes.add(new Placed<>(node, file, stanza.line())));
            }
        }
        return nodes;
    }

    private void refuseGlobalMode(Attribute mode) {
        if (mode.value().toLowerCase(Locale.ROOT).startsWith("g")) {
            problems.add(file, mode.line(), "heartbeat_mode = global is not built yet; use local");
        }
    }

    private Optional<Node> node(Stanza stanza) {
        Optional<String> name = required(stanza, "name").flatMap(this::name);
        Optional<Integer> number = number(stanza, "number", 0, NodeNumber.MAX);
        Optional<Integer> port = number(stanza, "ip_port", 1, PORT_MAX);
        Optional<InetAddress> address = required(stanza, "ip_address").flatMap(this::address);
        if (name.isEmpty() || number.isEmpty() || port.isEmpty() || address.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Node(NodeNumber.of(number.get()), name.get(), address.get(), port.get(), 0, 1));
    }

    private Optional<String> name(Attribute attribute) {
        if (Schema.isName(attribute.value())) {
            return Optional.of(attribute.value());
        }
        problems.add(file, attribute.line(), "name: needs " + Schema.NAME_NEEDS + ", not " + attribute.value());
        return Optional.empty();
    }

    private Optional<InetAddress> address(Attribute attribute) {
        Optional<InetAddress> address = IpLiteral.parse(attribute.value());
        if (address.isEmpty()) {
            problems.add(
                    file, attribute.line(), "ip_address: needs an IP address in numbers, not " + attribute.value());
        }
        return address;
    }

    private Optional<Integer> number(Stanza stanza, String key, int min, int max) {
        Optional<Attribute> attribute = required(stanza, key);
        if (attribute.isEmpty()) {
            return Optional.empty();
        }
        String text = attribute.get().value();
        if (text.matches("0|[1-9][0-9]{0,5}") && Integer.parseInt(text) >= min && Integer.parseInt(text) <= max) {
            return Optional.of(Integer.parseInt(text));
        }
        problems.add(
                file, attribute.get().line(), key + ": needs a whole number, " + min + " to " + max + ", not " + text);
        return Optional.empty();
    }

    private Optional<Attribute> required(Stanza stanza, String key) {
        Optional<Attribute> attribute = stanza.attribute(key);
        if (attribute.isEmpty()) {
            problems.add(file, stanza.line(), stanza.type() + ": has no " + key);
        }
        return attribute;
    }

    static List<String> names(ClusterConf conf) {
        return conf.ofType("cluster").stream()
                .flatMap(s -> s.attribute("name").stream())
                .map(Attribute::value)
                .toList();
    }
}
