// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a running agent is asked. Nothing else of the settings is judged: whoever asks may do so while somebody edits
 * them, and may not even be allowed to read them.
 */
public final class ControlSocket {
    /** Names the socket when no flag does. */
    public static final String VARIABLE = "LOCKSTEP_PATHS_CONTROL_SOCKET";

    private static final String SETTING = "paths.control-socket";

    private ControlSocket() {}

    /** {@return what the environment says, else the settings files, else the default} */
    public static Path path(Sources sources) {
        return Optional.ofNullable(sources.environment().get(VARIABLE))
                .or(() -> written(new FileLayer(new Problems()).read(sources)))
                .map(Path::of)
                .orElseGet(() -> Path.of(SettingsLoader.reference().getString(SETTING)));
    }

    /** No agent runs with a path that the schema refuses. */
    private static Optional<String> written(Config files) {
        return files.hasPath(SETTING) && Schema.SOCKET.accepts(SETTING, files.getValue(SETTING), new Problems())
                ? Optional.of(files.getString(SETTING))
                : Optional.empty();
    }
}
