// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Shows the settings in force and where each comes from. */
final class Dump {
    private static final ConfigRenderOptions ONE_LINE =
            ConfigRenderOptions.concise().setJson(false);

    private static final String NODES = "nodes";

    private Dump() {}

    static List<String> lines(Config settings) {
        return SettingsLoader.paths().stream()
                .map(path -> path.equals(NODES) && settings.getList(NODES).isEmpty()
                        ? ofClusterConf(settings)
                        : line(path, settings.getValue(path), source(settings, path)))
                .toList();
    }

    private static String line(String path, ConfigValue value, String source) {
        return path + " = " + value.render(ONE_LINE) + "  # " + source;
    }

    /** Settings that passed all checks and name no nodes have them from there: each with its line. */
    private static String ofClusterConf(Config settings) {
        ClusterConfFile file = new ClusterConfFile(Path.of(settings.getString("o2cb.cluster-conf")), new Problems());
        List<Placed<Node>> nodes =
                file.read(Path.of("")).map(conf -> file.nodes(conf, settings)).orElse(List.of());
        String lines = nodes.stream().map(node -> Integer.toString(node.line())).collect(Collectors.joining(","));
        return line(
                NODES,
                ConfigValueFactory.fromIterable(
                        nodes.stream().map(node -> asWritten(node.value())).toList()),
                settings.getString("o2cb.cluster-conf") + ":" + lines);
    }

    /** What cluster.conf can say of a node. */
    private static Map<String, Object> asWritten(Node node) {
        return Map.of(
                "number",
                node.number().value(),
                "name",
                node.name(),
                "address",
                node.address().getHostAddress(),
                "port",
                node.port());
    }

    private static String source(Config settings, String path) {
        if (SettingsLoader.isDefault(settings, path)) {
            return "default";
        }
        ConfigOrigin origin = settings.getValue(path).origin();
        int line = Problems.line(origin);
        return Problems.source(origin) + (line > 0 ? ":" + line : "");
    }
}
