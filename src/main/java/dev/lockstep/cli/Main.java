// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.agent.AgentRunner;
import dev.lockstep.agent.DemoRunner;
import dev.lockstep.agent.NodeAgent;
import dev.lockstep.demo.Demo;
import dev.lockstep.exit.ExitCode;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point: data goes to standard output, diagnostics to standard error, the outcome into the exit status. */
@Command(
        name = "lockstep",
        description = "O2CB disk heartbeat as the membership of the kernel's distributed lock manager.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class)
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run()
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs one command and ends the process with its {@link ExitCode}.
     *
     * @param args the command line
     */
    public static void main(String... args) {
        if (args.length == 0 || !args[0].equals("agent")) {
            // Read by logback.xml when the first logger is made: here standard output is for data.
            System.setProperty("lockstep.log.target", "System.err");
        }
        Charset terminal = Charset.defaultCharset();
        StandardOutput stdout = StandardOutput.ofThisProcess();
        PrintWriter out = new PrintWriter(stdout, true, terminal);
        PrintWriter err = new PrintWriter(System.err, true, terminal);
        AgentRunner agent = new NodeAgent();
        DemoRunner demo = new Demo();
        System.exit(stdout.end(out, err, run(agent, demo, System.getenv(), out, err, args)));
    }

    static int run(
            AgentRunner agent,
            DemoRunner demo,
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err,
            String... args) {
        Failures failures = new Failures(environment);
        CommandLine commands = new CommandLine(new Main())
                .addSubcommand(new AgentCommand(agent))
                .addSubcommand(new DemoCommand(demo))
                .addSubcommand(new StatusCommand(environment))
                .addSubcommand(new LsCommand(environment))
                .addSubcommand(new WhyCommand(environment))
                .addSubcommand(new FenceAckCommand(environment))
                .addSubcommand(new RegionCommand())
                .addSubcommand(new ConfigCommand())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(failures);
        exitStatuses(commands);
        try {
            return commands.execute(args);
        } catch (LinkageError e) { // picocli hands on exceptions only
            return failures.handle(e, err);
        } catch (RuntimeException | Error e) {
            return failures.handleEscaped(e, commands);
        }
    }

    /** picocli asks the command that failed, so each must know. */
    private static void exitStatuses(CommandLine command) {
        command.getCommandSpec()
                .exitCodeOnInvalidInput(ExitCode.USAGE.status())
                .exitCodeOnExecutionException(ExitCode.SOFTWARE.status());
        command.getSubcommands().values().forEach(Main::exitStatuses);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
