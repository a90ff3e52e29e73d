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

    static final String SETTING = "paths.control-socket";
    static final String RUNTIME = "paths.runtime";

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

    /** Complains if no agent could listen there now. It makes the runtime directory, and no other. */
    static void check(Config settings, Problems hindrances) {
        Path runtime = Path.of(settings.getString(RUNTIME));
        Optional.ofNullable(Path.of(settings.getString(SETTING)).getParent())
                .filter(directory -> !directory.equals(runtime) && !Files.isDirectory(directory))
                .ifPresent(missing -> hindrances.add(
                        // Whoever moved the one only has no line with the other.
                        settings.getValue(SettingsLoader.isDefault(settings, SETTING) ? RUNTIME : SETTING)
                                .origin(),
                        SETTING + ": " + missing + " is no directory; make it, or keep the socket in " + RUNTIME));
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
