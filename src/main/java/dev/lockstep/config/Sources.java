// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where settings come from; the earlier wins: flags, environment, files, reference.
 *
 * @param flags setting → value as given by {@code --set}
 * @param environment the process's environment; {@code LOCKSTEP_DLM_PORT} sets dlm.port, and so on
 * @param file the file asked for; empty: {@link #DEFAULT_FILE}, which may be missing. {@code conf.d/*.conf} beside it
 *     is read after it, in the order of names
 * @param hostname this host's name
 */
public record Sources(
        Map<String, String> flags, Map<String, String> environment, Optional<Path> file, String hostname) {

    /** Read when no file is named. */
    public static final Path DEFAULT_FILE = Path.of("/etc/lockstep/lockstep.conf");

    /** Names the file when no flag does. */
    public static final String FILE_VARIABLE = "LOCKSTEP_CONFIG";

    public Sources {
        flags = new LinkedHashMap<>(flags);
        environment = Map.copyOf(environment);
    }

    /** {@return the file somebody asked for, by flag or environment} */
    Optional<Path> fileAskedFor() {
        return file.or(() -> Optional.ofNullable(environment.get(FILE_VARIABLE)).map(Path::of));
    }

    /** {@return the host's name up to its first dot} */
    String shortHostname() {
        int dot = hostname.indexOf('.');
        return dot < 0 ? hostname : hostname.substring(0, dot);
    }
}
