// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.agent.DemoRunner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A cluster to look at, without a kernel module or a disk. */
@Command(
        name = "demo",
        description = "Shows a cluster in one process: real region files, a simulated kernel, shortened periods.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
final class DemoCommand implements Callable<Integer> {
    private final DemoRunner runner;

    @Option(names = "--keep", description = "Go on until Ctrl-C, and say where the region files are.")
    private boolean keep;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    DemoCommand(DemoRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() throws Exception {
        return runner.run(keep, spec.commandLine().getOut());
    }
}
