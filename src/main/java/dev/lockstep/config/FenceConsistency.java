// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the fence command can be what the administrator means. A wrong one is noticed now, not in the night. One that
 * is not there may be so for a while, in an upgrade or before a mount: that is a doubt only, since a node without an
 * agent stops its lockspaces for all, and a command that cannot run proves no death.
 */
final class FenceConsistency {
    private static final String COMMAND = "fence-command";
    private static final Pattern BRACES = Pattern.compile("\\{[^{}]*}?|}");

    private final Problems problems;
    private final Problems doubts;

    FenceConsistency(Problems problems, Problems doubts) {
        this.problems = problems;
        this.doubts = doubts;
    }

    void check(Config settings) {
        List<String> line = settings.getStringList(COMMAND);
        boolean wanted = settings.getString("fence").equals("command");
        if (line.isEmpty()) {
            if (wanted) {
                problems.add(
                        settings.getValue("fence").origin(),
                        "fence: command needs a " + COMMAND + ", such as [ \"/usr/sbin/fence-node\", \"{name}\" ]");
            }
            return;
        }
        ConfigOrigin origin = settings.getValue(COMMAND).origin();
        if (!wanted) {
            problems.add(origin, COMMAND + ": is run only with fence = command; set that, or leave this out");
        }
        program(line.get(0), origin);
        for (String argument : line.subList(1, line.size())) {
            placeholders(argument, origin);
        }
    }

    private void program(String program, ConfigOrigin origin) {
        if (!PathText.isPath(program)) {
            problems.add(origin, COMMAND + ": " + PathText.refusal(program));
            return;
        }
        Path path = Path.of(program);
        if (!path.isAbsolute()) {
            problems.add(origin, COMMAND + ": needs the program's absolute path, not \"" + program + '"');
        } else if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
            doubts.add(origin, COMMAND + ": " + program + " is no executable file");
        }
    }

    private void placeholders(String argument, ConfigOrigin origin) {
        List<String> known = FencePlaceholder.allWritten();
        Matcher braces = BRACES.matcher(argument);
        while (braces.find()) {
            if (!known.contains(braces.group())) {
                problems.add(
                        origin,
                        COMMAND + ": " + braces.group() + " in \"" + argument + "\" stands for nothing; there are "
                                + String.join(", ", known));
            }
        }
    }
}
