// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** cluster.conf as the source of nodes, and of the cluster's name, for settings that name none. */
final class ClusterConfFile {
    private final Path file;
    private final Problems problems;

    ClusterConfFile(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /**
     * {@return the file's content; empty, with a complaint, if there is none or it cannot be read}
     *
     * @param settingsFile where the nodes should have been named, for the complaint; it may be missing, too
     */
    Optional<ClusterConf> read(Path settingsFile) {
        try {
            // Any byte is a character here, so a strange name is a complaint of the checks and no decoding error.
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            ClusterConf conf = ClusterConf.parse(file.toString(), text, problems);
            new ClusterConfShape(file.toString(), problems).check(conf);
            return Optional.of(conf);
        } catch (NoSuchFileException e) {
            problems.add(
                    settingsFile.toString(),
                    0,
                    (Files.notExists(settingsFile)
                                    ? "does not exist, so no nodes are configured, and "
                                    : "nodes: none are configured, and ")
                            + file + " does not exist; list the cluster's nodes");
        } catch (IOException e) {
            problems.add(file.toString(), 0, SettingsFile.reason(e));
        }
        return Optional.empty();
    }

    /** {@return {@code settings} with the name of the file's only cluster, unless a name was set} */
    Config clusterName(ClusterConf conf, Config settings) {
        List<String> names = ClusterConfNodes.names(conf);
        if (names.size() != 1 || !SettingsLoader.isDefault(settings, "cluster-name")) {
            return settings;
        }
        return settings.withValue("cluster-name", ConfigValueFactory.fromAnyRef(names.get(0), file.toString()));
    }

    /** {@return the nodes of the cluster the settings name} */
    List<Placed<Node>> nodes(ClusterConf conf, Config settings) {
        return new ClusterConfNodes(file.toString(), problems).nodes(conf, settings.getString("cluster-name"));
    }
}
