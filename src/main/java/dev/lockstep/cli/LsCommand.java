// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.control.Request;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists this node's lockspaces: phase, epoch, members, and what they wait for. */
@Command(
        name = "ls",
        description = "Lists this node's lockspaces: phase, epoch, members, and what they wait for.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
final class LsCommand implements Callable<Integer> {
    @Mixin
    private final AskOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    LsCommand(Map<String, String> environment) {
        this.options = new AskOptions(environment);
    }

    @Override
    public Integer call() throws Exception {
        return options.ask(spec.commandLine(), Request.Verb.LS);
    }
}
