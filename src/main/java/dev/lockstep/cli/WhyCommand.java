// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.control.Request;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says why a lockspace is stopped, and what can be done about it. */
@Command(
        name = "why",
        description = "Says why a lockspace is stopped, and what can be done about it.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
final class WhyCommand implements Callable<Integer> {
    @Mixin
    private final AskOptions options;

    @Parameters(paramLabel = "LOCKSPACE", description = "The lockspace, as 'lockstep ls' writes it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private String lockspace;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    WhyCommand(Map<String, String> environment) {
        this.options = new AskOptions(environment);
    }

    @Override
    public Integer call() throws Exception {
        return options.ask(spec.commandLine(), Request.Verb.WHY, lockspace);
    }
}
