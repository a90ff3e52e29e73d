// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
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
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs one command and ends the process with its {@link ExitCode}.
     *
     * @param args the command line
     */
    public static void main(String... args) {
        Charset terminal = Charset.defaultCharset();
        PrintWriter out = new PrintWriter(System.out, true, terminal);
        PrintWriter err = new PrintWriter(System.err, true, terminal);
        System.exit(run(out, err, args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine commands = new CommandLine(new Main()).setOut(out).setErr(err);
        commands.getCommandSpec()
                .exitCodeOnInvalidInput(ExitCode.USAGE.status())
                .exitCodeOnExecutionException(ExitCode.SOFTWARE.status());
        return commands.execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
