// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.config.InvalidSettings;
import dev.lockstep.config.LoadedSettings;
import dev.lockstep.config.SettingsLoader;
import dev.lockstep.config.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which settings a command works with. */
final class ConfigOptions {
    private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Settings file, default $" + Sources.FILE_VARIABLE
                    + ", else /etc/lockstep/lockstep.conf; conf.d/*.conf beside it is read too.")
    private @Nullable Path config;

    @Option(
            names = {"-s", "--set"},
            paramLabel = "KEY=VALUE",
            description = "One setting, for instance dlm.port=21070; wins over environment and files.")
    private Map<String, String> flags = new LinkedHashMap<>();

    LoadedSettings load() throws InvalidSettings, IOException {
        String hostname = Files.readString(HOSTNAME).strip();
        return SettingsLoader.load(new Sources(flags, System.getenv(), Optional.ofNullable(config), hostname));
    }
}
