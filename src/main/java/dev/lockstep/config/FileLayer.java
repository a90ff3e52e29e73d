// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the settings file and what lies in {@code conf.d} beside it. */
final class FileLayer {
    private final Problems problems;

    FileLayer(Problems problems) {
        this.problems = problems;
    }

    /** {@return what the files say together, empty after a problem} */
    Config read(Sources sources) {
        Path main = sources.fileAskedFor().orElse(Sources.DEFAULT_FILE);
        Config files = ConfigFactory.empty();
        if (Files.exists(main)) {
            files = parse(main);
        } else if (sources.fileAskedFor().isPresent()) {
            problems.addUnreadable(main.toString(), "no such file");
        }
        for (Path extra : directory(main.resolveSibling("conf.d"))) {
            files = parse(extra).withFallback(files);
        }
        try {
            // The environment has its own names, and a file must mean the same whoever reads it.
            return files.resolve(ConfigResolveOptions.defaults().setUseSystemEnvironment(false));
        } catch (ConfigException e) {
            complain(main, e);
            return ConfigFactory.empty();
        }
    }

    private Config parse(Path file) {
        try {
            return ConfigFactory.parseFile(
                    file.toFile(),
                    ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF));
        } catch (ConfigException e) {
            complain(file, e);
            return ConfigFactory.empty();
        }
    }

    private List<Path> directory(Path directory) {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.conf")) {
            files.forEach(found::add);
        } catch (IOException | UncheckedIOException e) {
            problems.addUnreadable(directory.toString(), "cannot be listed: " + e.getMessage());
        }
        Collections.sort(found);
        return found;
    }

    private void complain(Path file, ConfigException e) {
        String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        if (message.endsWith("not: end of file")) {
            // The parser names whichever bracket it tried last.
            message = "a bracket is still open at the end of the file";
        }
        if (e.origin() == null) {
            problems.addUnreadable(file.toString(), message);
        } else {
            String place = e.origin().description() + ": ";
            problems.addUnreadable(e.origin(), message.startsWith(place) ? message.substring(place.length()) : message);
        }
    }
}
