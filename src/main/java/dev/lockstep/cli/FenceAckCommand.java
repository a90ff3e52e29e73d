// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.control.Request;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the life of a node that others wait for; with --boot, vouches that it is over. */
@Command(
        name = "fence-ack",
        description = "Shows the life of a node that others wait for; with --boot, vouches that it is over.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
final class FenceAckCommand implements Callable<Integer> {
    @Mixin
    private final AskOptions options;

    @Parameters(paramLabel = "NODE", description = "Its number or name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private String node;

    @Option(
            names = "--boot",
            paramLabel = "ID",
            description = "The boot id shown. Only for a machine that is certainly off, or was reset since.")
    private @Nullable String boot;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    FenceAckCommand(Map<String, String> environment) {
        this.options = new AskOptions(environment);
    }

    @Override
    public Integer call() throws Exception {
        return boot == null
                ? options.ask(spec.commandLine(), Request.Verb.FENCE_ACK, node)
                : options.ask(spec.commandLine(), Request.Verb.FENCE_ACK, node, boot);
    }
}
