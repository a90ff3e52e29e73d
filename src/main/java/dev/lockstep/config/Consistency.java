// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What single values cannot show: duplicates, values that do not go together. */
final class Consistency {
    private static final String LINK_LOCAL =
            " is an address of one link, and no setting says on which interface; use another one";

    /** DLM_LOCKSPACE_LEN, less the end of the text (fs/dlm/config.c). */
    private static final int DLM_NAME_MAX = 63;

    private final Problems problems;

    Consistency(Problems problems) {
        this.problems = problems;
    }

    void check(Config settings, List<Placed<Node>> nodes) {
        nodes(nodes, settings.getInt("dlm.nodeid-offset"));
        kernelHeartbeat(settings, nodes);
        ports(settings, nodes);
        wakeUps(settings);
    }

    private void nodes(List<Placed<Node>> nodes, int nodeidOffset) {
        unique(nodes, "number", node -> node.number().toString());
        unique(nodes, "name", node -> node.name().toLowerCase(Locale.ROOT));
        unique(nodes, "address", node -> node.address().getHostAddress());
        for (Placed<Node> placed : nodes) {
            if (!isOneMachines(placed.value().address())) {
                placed.complain(
                        problems,
                        "node " + placed.value().name() + ": "
                                + placed.value().address().getHostAddress()
                                + " is no address at which other nodes reach one machine");
            }
            if (isLinkLocal(placed.value().address())) {
                placed.complain(
                        problems,
                        "node " + placed.value().name() + ": "
                                + placed.value().address().getHostAddress() + LINK_LOCAL);
            }
            if (placed.value().number().value() + nodeidOffset == 0) {
                placed.complain(
                        problems,
                        "node " + placed.value().name() + " has number 0, and fs/dlm has no nodeid 0;"
                                + " set dlm.nodeid-offset = 1 on all nodes, or renumber the node");
            }
        }
    }

    private static boolean isOneMachines(InetAddress address) {
        return !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress()
                && !address.getHostAddress().equals("255.255.255.255");
    }

    private static boolean isLinkLocal(InetAddress address) {
        return address instanceof Inet6Address && address.isLinkLocalAddress();
    }

    private void unique(List<Placed<Node>> nodes, String what, Function<Node, String> key) {
        Map<String, Placed<Node>> seen = new HashMap<>();
        for (Placed<Node> placed : nodes) {
            Placed<Node> earlier = seen.putIfAbsent(key.apply(placed.value()), placed);
            if (earlier != null) {
                placed.complain(
                        problems,
                        "node " + placed.value().name() + ": " + what + " " + key.apply(placed.value())
                                + " is already node " + earlier.value().name() + "'s, line " + earlier.line());
            }
        }
    }

    private void kernelHeartbeat(Config settings, List<Placed<Node>> nodes) {
        if (!SettingsReader.duration(settings, "heartbeat-period").equals(Settings.KERNEL_PERIOD)) {
            problems.add(
                    settings.getValue("heartbeat-period").origin(),
                    "heartbeat-period: the kernel beats every 2 s, and nothing changes that");
        }
        if (settings.getBoolean("o2cb.setup")) {
            o2cb(settings, nodes);
        } else {
            dlm(settings, nodes);
        }
    }

    private void o2cb(Config settings, List<Placed<Node>> nodes) {
        String cluster = settings.getString("cluster-name");
        if (!cluster.matches("[A-Za-z0-9]{1,16}")) {
            problems.add(
                    settings.getValue("cluster-name").origin(),
                    "cluster-name: O2CB takes 1 to 16 letters and digits, not \"" + cluster + '"');
        }
        for (Placed<Node> node : nodes) {
            if (!(node.value().address() instanceof Inet4Address)) {
                node.complain(
                        problems,
                        "node " + node.value().name() + ": O2CB knows IPv4 addresses only; with IPv6 here"
                                + " somebody else must set it up (o2cb.setup = false)");
            }
        }
    }

    /** What O2CB would not have taken in the first place. */
    private void dlm(Config settings, List<Placed<Node>> nodes) {
        String cluster = settings.getString("cluster-name");
        if (cluster.length() > DLM_NAME_MAX) {
            problems.add(
                    settings.getValue("cluster-name").origin(),
                    "cluster-name: fs/dlm takes at most " + DLM_NAME_MAX + " characters, not " + cluster.length());
        }
        boolean four = nodes.isEmpty() || nodes.get(0).value().address() instanceof Inet4Address;
        nodes.stream()
                .filter(node -> node.value().address() instanceof Inet4Address != four)
                .findFirst()
                .ifPresent(other -> other.complain(
                        problems,
                        "node " + other.value().name() + " has an " + (four ? "IPv6" : "IPv4") + " address, node "
                                + nodes.get(0).value().name() + " an " + (four ? "IPv4" : "IPv6")
                                + " one; fs/dlm needs one kind on all nodes"));
    }

    private void wakeUps(Config settings) {
        String bind = settings.getString("wake-ups.bind");
        if (IpLiteral.parse(bind).filter(Consistency::isLinkLocal).isPresent()) {
            problems.add(settings.getValue("wake-ups.bind").origin(), "wake-ups.bind: " + bind + LINK_LOCAL);
        }
    }

    private void ports(Config settings, List<Placed<Node>> nodes) {
        int dlm = settings.getInt("dlm.port");
        for (Placed<Node> node : nodes) {
            if (node.value().port() == dlm) {
                node.complain(
                        problems,
                        "node " + node.value().name() + ": O2CB's port " + dlm + " is also dlm.port; both are TCP");
            }
        }
    }
}
