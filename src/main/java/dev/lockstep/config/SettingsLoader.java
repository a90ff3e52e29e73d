// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Loads the settings, or says everything that is wrong with them. Reads files; touches nothing else. */
public final class SettingsLoader {
    private static final Config REFERENCE = ConfigFactory.parseResources(SettingsLoader.class, "reference.conf");

    private final Sources sources;
    private final Problems problems = new Problems();
    private final Problems doubts = new Problems();
    private final Problems hindrances = new Problems();
    private final Set<String> refused = new HashSet<>();

    private SettingsLoader(Sources sources) {
        this.sources = sources;
    }

    /**
     * Loads and checks.
     *
     * @param sources where settings come from
     * @return the settings
     * @throws InvalidSettings if anything is wrong, with all that is
     */
    public static LoadedSettings load(Sources sources) throws InvalidSettings {
        SettingsLoader loader = new SettingsLoader(sources);
        return loader.build(loader.merge());
    }

    private Config merge() throws InvalidSettings {
        TextLayer texts = new TextLayer(problems);
        List<Config> layers = new ArrayList<>(texts.flags(sources.flags()));
        layers.addAll(texts.environment(sources.environment(), paths()));
        layers.addAll(new FileLayer(problems).read(sources));
        Config merged = ConfigFactory.empty();
        // Each one alone: a value in a group's place would hide, once merged, all that is below it.
        for (Config layer : layers) {
            merged = merged.withFallback(Schema.ROOT.withoutRefused("", layer.root(), problems, refused));
        }
        problems.throwIfUnreadable();
        return merged.withFallback(REFERENCE);
    }

    private LoadedSettings build(Config merged) throws InvalidSettings {
        Config settings = merged;
        List<Placed<Node>> nodes = SettingsReader.nodes(merged);
        if (nodes.isEmpty() && !refused.contains("nodes")) {
            ClusterConfFile file = new ClusterConfFile(Path.of(merged.getString("o2cb.cluster-conf")), problems);
            Optional<ClusterConf> conf = file.read(sources.fileAskedFor().orElse(Sources.DEFAULT_FILE));
            if (conf.isPresent()) {
                settings = file.clusterName(conf.get(), merged);
                nodes = file.nodes(conf.get(), settings);
            }
        }
        new Consistency(problems).check(settings, nodes);
        if (!refused.contains("regions")) {
            new RegionConsistency(nodes, problems)
                    .check(
                            settings.getConfigList("regions"),
                            settings.getConfigList("guards"),
                            !settings.getBoolean("o2cb.setup"));
        }
        if (!refused.contains("fence") && !refused.contains("fence-command")) {
            new FenceConsistency(problems, doubts).check(settings);
        }
        if (!refused.contains(ControlSocket.SETTING) && !refused.contains(ControlSocket.RUNTIME)) {
            ControlSocket.check(settings, hindrances);
        }
        Optional<Node> self = self(settings, nodes);
        problems.throwIfAny(doubts, hindrances);
        List<Node> sorted = nodes.stream()
                .map(Placed::value)
                .sorted(Comparator.comparing(Node::number))
                .toList();
        return new LoadedSettings(
                SettingsReader.settings(settings, sorted, self.orElseThrow()),
                Dump.lines(settings),
                doubts.all(),
                hindrances.all());
    }

    private Optional<Node> self(Config settings, List<Placed<Node>> nodes) {
        boolean auto = SettingsReader.isAuto(settings, "node-name");
        List<String> names =
                auto ? List.of(sources.shortHostname(), sources.hostname()) : List.of(settings.getString("node-name"));
        Optional<Node> self = nodes.stream()
                .map(Placed::value)
                .filter(node -> names.stream().anyMatch(node::isNamed))
                .findFirst();
        if (self.isEmpty() && !nodes.isEmpty() && !refused.contains("node-name")) {
            String known =
                    String.join(", ", nodes.stream().map(n -> n.value().name()).toList());
            if (auto) {
                nodes.get(0)
                        .complain(
                                problems,
                                "nodes: this host is " + names.get(0) + ", and no node has that name (" + known
                                        + "); add it, or set node-name");
            } else {
                problems.add(
                        settings.getValue("node-name").origin(),
                        "node-name: no node is named " + names.get(0) + " (" + known + ")");
            }
        }
        return self;
    }

    /** {@return the defaults} */
    static Config reference() {
        return REFERENCE;
    }

    /** {@return every setting's path, in alphabetical order} */
    static List<String> paths() {
        return REFERENCE.entrySet().stream().map(Map.Entry::getKey).sorted().toList();
    }

    /** {@return whether nobody has set {@code path}} */
    static boolean isDefault(Config settings, String path) {
        return settings.getValue(path)
                .origin()
                .description()
                .equals(REFERENCE.getValue(path).origin().description());
    }
}
