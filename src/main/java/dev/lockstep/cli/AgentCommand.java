// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.agent.AgentRunner;
import dev.lockstep.config.LoadedSettings;
import dev.lockstep.config.Problem;
import dev.lockstep.exit.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The daemon, in the foreground. */
@Command(
        name = "agent",
        description = "Runs the node agent in the foreground until SIGTERM; lockspaces go on without it.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        footer = {
            "",
            "Environment: LOCKSTEP_CONFIG names the settings file, LOCKSTEP_DLM_PORT sets",
            "dlm.port and so on, LOCKSTEP_DEBUG=1 adds stack traces to errors.",
            "LOCKSTEP_JAVA_OPTS goes to the JVM: -Dlockstep.log.level=DEBUG logs more.",
            "The systemd unit sets what /etc/default/lockstep says; before --check-config",
            "or 'lockstep config dump', the same is done by",
            "'set -a; . /etc/default/lockstep; set +a'.",
            "",
            "Exit status, of all commands:",
            "   0  done",
            "  64  wrong command line, or a device it names that cannot be used",
            "  69  something is not there: kernel support, a lockspace, a node",
            "  70  a bug in Lockstep",
            "  74  reading or writing failed",
            "  75  not now, for instance because no agent runs; the same call may work later",
            "  77  not allowed",
            "  78  the settings are wrong, or the kernel is set up by other ones"
        })
final class AgentCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(AgentCommand.class);

    private final AgentRunner runner;

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Option(names = "--check-config", description = "Print everything that is wrong with the settings, and end.")
    private boolean checkOnly;

    @Option(names = "--dry-run", description = "Print what would be changed, and touch nothing.")
    private boolean dryRun;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    AgentCommand(AgentRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() throws Exception {
        LoadedSettings loaded = config.load();
        if (checkOnly) {
            return check(loaded);
        }
        report(loaded.hindrances());
        if (!loaded.hindrances().isEmpty()) {
            return ExitCode.CONFIG.status();
        }
        loaded.doubts().forEach(doubt -> LOG.warn("{}; the agent starts all the same", doubt));
        return runner.run(loaded.settings(), dryRun);
    }

    private int check(LoadedSettings loaded) {
        if (loaded.doubts().isEmpty() && loaded.hindrances().isEmpty()) {
            spec.commandLine().getOut().println("The settings are good.");
            return ExitCode.OK.status();
        }
        report(loaded.doubts());
        report(loaded.hindrances());
        return ExitCode.CONFIG.status();
    }

    private void report(List<Problem> problems) {
        problems.forEach(spec.commandLine().getErr()::println);
    }
}
