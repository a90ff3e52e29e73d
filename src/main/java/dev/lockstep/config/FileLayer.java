// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads the settings file and what lies in {@code conf.d} beside it. */
final class FileLayer {
    private final Problems problems;

    FileLayer(Problems problems) {
        this.problems = problems;
    }

    /** {@return what each file says, the one first that wins; nothing of one that cannot be read} */
    List<Config> read(Sources sources) {
        List<Config> files = new ArrayList<>();
        try {
            Optional<Path> asked = sources.fileAskedFor();
            Path main = asked.orElse(Sources.DEFAULT_FILE);
            for (Path extra : directory(main.resolveSibling("conf.d"))) {
                files.add(parse(extra));
            }
            // Not Files.exists: where nobody may look is none that one may do without.
            if (asked.isPresent() || !Files.notExists(main)) {
                files.add(parse(main));
            }
        } catch (InvalidPathException e) {
            problems.addUnreadable("environment " + Sources.FILE_VARIABLE, 0, PathText.refusal(e.getInput()));
        }
        return files;
    }

    private Config parse(Path file) {
        String source = file.toString();
        try {
            String text = SettingsFile.read(file);
            if (new StrictSyntax(source, text, problems).check()) {
                return ConfigFactory.parseString(
                        text, ConfigParseOptions.defaults().setOriginDescription(source));
            }
        } catch (SettingsFile.Unreadable e) {
            problems.addUnreadable(source, e.line(), e.reason());
        } catch (ConfigException e) {
            problems.addUnreadable(source, e);
        }
        return ConfigFactory.empty();
    }

    private List<Path> directory(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.conf")) {
            files.forEach(found::add);
        } catch (NoSuchFileException e) {
            return found;
        } catch (IOException e) {
            problems.addUnreadable(directory.toString(), 0, SettingsFile.reason(e));
        } catch (DirectoryIteratorException e) {
            problems.addUnreadable(directory.toString(), 0, "cannot be listed: " + e.getMessage());
        }
        found.sort(Comparator.reverseOrder());
        return found;
    }
}
