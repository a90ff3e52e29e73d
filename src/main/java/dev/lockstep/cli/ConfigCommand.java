// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.exit.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What there is to know about settings. */
@Command(
        name = "config",
        description = "Shows settings.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        subcommands = ConfigCommand.Dump.class)
final class ConfigCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    /** The settings in force. */
    @Command(
            name = "dump",
            description = "Prints every setting in force and where it comes from.",
            mixinStandardHelpOptions = true,
            versionProvider = BuildVersion.class)
    static final class Dump implements Callable<Integer> {
        @Mixin
        private final ConfigOptions config = new ConfigOptions();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            PrintWriter out = spec.commandLine().getOut();
            config.load().dump().forEach(out::println);
            return ExitCode.OK.status();
        }
    }
}
