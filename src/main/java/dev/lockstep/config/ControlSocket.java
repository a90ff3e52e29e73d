// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                .map(ControlSocket::unquoted)
                .filter(text -> !text.isEmpty())
                .or(() -> written(new FileLayer(new Problems()).read(sources)))
                .map(Path::of)
                .orElseGet(() -> Path.of(SettingsLoader.reference().getString(SETTING)));
    }

    /**
     * {@return the directory in which an agent with these paths could not listen, if it is missing}
     *
     * <p>The agent makes the runtime directory, and no other.
     */
    public static Optional<Path> missingDirectory(Settings.Paths paths) {
        return Optional.ofNullable(paths.controlSocket().getParent())
                .filter(directory -> !directory.equals(paths.runtime()) && !Files.isDirectory(directory));
    }

    /** For the agent a variable is text as in a file, where a path may be quoted, or must be. */
    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** No agent runs with a path that the schema refuses. */
    private static Optional<String> written(List<Config> files) {
        return files.stream()
                .filter(file -> file.hasPath(SETTING))
                .findFirst()
                .filter(file -> Schema.SOCKET.accepts(SETTING, file.getValue(SETTING), new Problems()))
                .map(file -> file.getString(SETTING));
    }
}
