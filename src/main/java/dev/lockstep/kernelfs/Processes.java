// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernelfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The machine's processes (proc(5)). What ends while it is looked at is left out. Sees only its own process namespace,
 * so the agent must not run in a container with one of its own.
 */
public final class Processes {
    private static final Pattern ROOTS = Pattern.compile("(?m)^Uid:\\s+0\\s");

    private final Path proc;

    /**
     * @param proc /proc
     */
    public Processes(Path proc) {
        this.proc = proc;
    }

    /**
     * {@return the process ids of root whose command name (at most 15 characters) is {@code name}} Any user may call a
     * process so; the real uid is root's only for what root has started, a setuid program keeps its caller's.
     *
     * @throws IOException if /proc cannot be listed
     */
    public List<Integer> rootsNamed(String name) throws IOException {
        List<Integer> found = new ArrayList<>();
        forEachNumbered(proc, process -> {
            boolean named = text(process.resolve("comm"))
                    .map(String::strip)
                    .filter(name::equals)
                    .isPresent();
            if (named && isRoots(process)) {
                found.add(number(process));
            }
        });
        return found;
    }

    /** Not by the directory's owner: that is root for every process that hides from its user's debuggers. */
    private static boolean isRoots(Path process) {
        return text(process.resolve("status"))
                .filter(status -> ROOTS.matcher(status).find())
                .isPresent();
    }

    /**
     * {@return the process ids that hold one of these files open}
     *
     * @param files absolute paths as the kernel shows them
     * @throws IOException if /proc cannot be listed
     */
    public List<Integer> holding(Set<String> files) throws IOException {
        List<Integer> found = new ArrayList<>();
        forEachNumbered(proc, process -> {
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
                for (Path descriptor : descriptors) {
                    if (files.contains(target(descriptor))) {
                        found.add(number(process));
                        return;
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                // The process ended, or is a kernel thread of another security domain: it holds nothing we look for.
                return;
            }
        });
        return found;
    }

    /**
     * Shows the kernel stack of every thread.
     *
     * @param each takes a stack as /proc/PID/task/TID/stack has it
     * @return whether any stack could be read; without CONFIG_STACKTRACE or CAP_SYS_ADMIN none can
     * @throws IOException if /proc cannot be listed
     */
    public boolean forEachStack(Consumer<String> each) throws IOException {
        boolean[] any = {false};
        forEachNumbered(proc, process -> {
            try {
                forEachNumbered(
                        process.resolve("task"),
                        thread -> text(thread.resolve("stack")).ifPresent(stack -> {
                            any[0] = true;
                            each.accept(stack);
                        }));
            } catch (IOException e) {
                // The process ended meanwhile.
                return;
            }
        });
        return any[0];
    }

    private static void forEachNumbered(Path directory, Consumer<Path> each) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Processes::isNumbered)) {
            for (Path entry : entries) {
                each.accept(entry);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static boolean isNumbered(Path entry) {
        String name = String.valueOf(entry.getFileName());
        return name.length() <= 9 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static int number(Path process) {
        return Integer.parseInt(String.valueOf(process.getFileName()));
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
