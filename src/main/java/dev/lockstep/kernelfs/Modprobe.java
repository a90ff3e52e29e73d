// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernelfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Modules by modprobe(8). */
public final class Modprobe implements KernelModules {
    private final String command;
    private final Path sysModule;

    /** The system's modprobe. */
    public Modprobe() {
        this("modprobe", Path.of("/sys/module"));
    }

    /**
     * @param command the program to run
     * @param sysModule where the kernel lists its modules, /sys/module
     */
    public Modprobe(String command, Path sysModule) {
        this.command = command;
        this.sysModule = sysModule;
    }

    @Override
    public boolean isLoaded(String module) {
        return Files.isDirectory(sysModule.resolve(module));
    }

    @Override
    public void load(String module) throws IOException {
        if (!isLoaded(module)) {
            run(List.of(module), ModuleUnavailable::new);
        }
    }

    @Override
    public void unload(String module) throws IOException {
        run(List.of("-r", module), IOException::new);
    }

    private void run(List<String> arguments, Function<String, IOException> failure) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(command);
        line.addAll(arguments);
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            int exit = process.waitFor();
            if (exit != 0) {
                throw failure.apply(
                        String.join(" ", line) + " exited with " + exit + (said.isEmpty() ? "" : ": " + said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", line) + " was interrupted", e);
        }
    }
}
