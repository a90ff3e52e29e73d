// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.control.Request;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows regions, nodes, lockspaces and verdicts as this node's agent sees them. */
@Command(
        name = "status",
        description = "Shows regions, nodes, lockspaces and verdicts as this node's agent sees them.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final AskOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    StatusCommand(Map<String, String> environment) {
        this.options = new AskOptions(environment);
    }

    @Override
    public Integer call() throws Exception {
        return options.ask(spec.commandLine(), Request.Verb.STATUS);
    }
}
