// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import dev.lockstep.domain.NodeNumber;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes {@link Settings} of values that the {@link Schema} has accepted. */
final class SettingsReader {
    private SettingsReader() {}

    static List<Placed<Node>> nodes(Config settings) {
        return settings.getConfigList("nodes").stream()
                .map(node -> {
                    ConfigOrigin origin = node.root().origin();
                    return new Placed<>(node(node), Problems.source(origin), Problems.line(origin));
                })
                .toList();
    }

    private static Node node(Config node) {
        return new Node(
                NodeNumber.of(node.getInt("number")),
                node.getString("name"),
                address(node.getString("address")),
                node.hasPath("port") ? node.getInt("port") : 7777,
                node.hasPath("mark") ? node.getLong("mark") : 0,
                node.hasPath("weight") ? node.getInt("weight") : 1);
    }

    static Settings settings(Config settings, List<Node> nodes, Node self) {
        Duration period = duration(settings, "heartbeat-period");
        return new Settings(
                settings.getString("cluster-name"),
                Settings.Heartbeat.valueOf(constant(settings, "heartbeat")),
                period,
                settings.getInt("dead-threshold"),
                isAuto(settings, "death-margin") ? period : duration(settings, "death-margin"),
                self,
                nodes,
                settings.getConfigList("regions").stream()
                        .map(SettingsReader::region)
                        .toList(),
                settings.getConfigList("guards").stream()
                        .map(guard -> new Settings.Guard(guard.getString("lockspace"), guard.getString("region")))
                        .toList(),
                dlm(settings.getConfig("dlm")),
                Settings.Fence.valueOf(constant(settings, "fence")),
                new Settings.FenceCommand(
                        settings.getStringList("fence-command"), duration(settings, "fence-command-timeout")),
                unlessNever(settings, "agent-dead-after"),
                settings.getBoolean("probe-links"),
                unlessNever(settings, "split-verdict-after"),
                new Settings.WakeUps(
                        settings.getBoolean("wake-ups.enabled"),
                        settings.getInt("wake-ups.port"),
                        isAuto(settings, "wake-ups.bind")
                                ? self.address()
                                : address(settings.getString("wake-ups.bind"))),
                new Settings.Paths(
                        Path.of(settings.getString("paths.runtime")),
                        Path.of(settings.getString("paths.state")),
                        Path.of(settings.getString("paths.control-socket"))),
                new Settings.O2cb(settings.getBoolean("o2cb.setup")));
    }

    private static Settings.Region region(Config region) {
        return new Settings.Region(
                Path.of(region.getString("device")),
                region.hasPath("name") ? Optional.of(region.getString("name")) : Optional.empty(),
                region.hasPath("start-block") ? Optional.of(region.getLong("start-block")) : Optional.empty(),
                region.hasPath("slots") ? region.getInt("slots") : NodeNumber.MAX + 1);
    }

    private static Settings.Dlm dlm(Config dlm) {
        return new Settings.Dlm(
                dlm.getInt("nodeid-offset"),
                dlm.getInt("port"),
                dlm.getBoolean("log-debug"),
                dlm.getStringList("nodir"),
                dlm.getLong("mark"));
    }

    static Duration duration(Config settings, String path) {
        return DurationText.parse(settings.getString(path)).orElseThrow();
    }

    private static Optional<Duration> unlessNever(Config settings, String path) {
        return settings.getString(path).equals(Schema.NEVER) ? Optional.empty() : Optional.of(duration(settings, path));
    }

    static boolean isAuto(Config settings, String path) {
        return settings.getString(path).equals(Schema.AUTO);
    }

    private static InetAddress address(String text) {
        return IpLiteral.parse(text).orElseThrow();
    }

    private static String constant(Config settings, String path) {
        return settings.getString(path).toUpperCase(Locale.ROOT);
    }
}
