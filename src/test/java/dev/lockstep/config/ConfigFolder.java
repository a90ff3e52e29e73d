// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A folder with settings files, and a host to load them on. */
final class ConfigFolder {
    /** A cluster that needs nothing else; three lines. */
    static final String NODES = """
            nodes = [ { number = 1, name = alpha, address = 10.0.0.1 }
                      { number = 2, name = beta, address = 10.0.0.2 } ]
            o2cb.cluster-conf = /nonexistent/cluster.conf
            """;

    private final Path folder;
    private final Map<String, String> flags = new LinkedHashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private String hostname = "alpha.example";

    ConfigFolder(Path folder) {
        this.folder = folder;
    }

    ConfigFolder file(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConfigFolder flag(String key, String value) {
        flags.put(key, value);
        return this;
    }

    ConfigFolder environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    ConfigFolder hostname(String name) {
        hostname = name;
        return this;
    }

    LoadedSettings load() throws InvalidSettings {
        return SettingsLoader.load(
                new Sources(flags, environment, Optional.of(folder.resolve("lockstep.conf")), hostname));
    }

    Settings settings() throws InvalidSettings {
        return load().settings();
    }

    /** What {@code --check-config} prints, with files relative to the folder. */
    List<String> problems() {
        InvalidSettings[] caught = new InvalidSettings[1];
        assertThatThrownBy(this::load).isInstanceOfSatisfying(InvalidSettings.class, e -> caught[0] = e);
        return caught[0].problems().stream()
                .map(problem -> problem.toString().replace(folder + "/", ""))
                .toList();
    }
}
