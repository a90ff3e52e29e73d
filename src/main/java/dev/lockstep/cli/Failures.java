// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.config.InvalidSettings;
import dev.lockstep.config.PathText;
import dev.lockstep.config.Problem;
import dev.lockstep.exit.ExitCode;
import dev.lockstep.kernelfs.ModuleUnavailable;
import dev.lockstep.kernelfs.SetupRefused;
import dev.lockstep.nativeio.PlainWords;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Turns what went wrong into lines on standard error and an exit status. A stack trace is for developers: only with
 * {@code LOCKSTEP_DEBUG=1}, or for a bug.
 */
final class Failures implements IExecutionExceptionHandler {
    private static final String LIBRARY_HINT =
            "; a library that is not in lib/native needs a directory that is not mounted noexec:"
                    + " LOCKSTEP_JAVA_OPTS='-Djna.tmpdir=DIR -Djffi.extract.dir=DIR'";

    private static final String ROOT_HINT = "; the agent runs as root";

    private final boolean traces;

    Failures(Map<String, String> environment) {
        this.traces = "1".equals(environment.get("LOCKSTEP_DEBUG"));
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        ExitCode code = code(failure);
        if (failure instanceof InvalidSettings invalid) {
            for (Problem problem : invalid.problems()) {
                err.println(problem);
            }
        } else {
            err.println("lockstep: " + message(failure, code) + hint(command, code));
        }
        if (traces) {
            failure.printStackTrace(err);
        }
        return code.status();
    }

    /**
     * A native library was mostly unpacked to where no program may run; its message may have many lines. A class is
     * missing where the disk with the program does not answer, which may pass.
     */
    int handle(LinkageError failure, PrintWriter err) {
        boolean library = failure instanceof UnsatisfiedLinkError;
        String text = library ? failure.getMessage() : failure.toString();
        err.println("lockstep: code cannot be loaded: "
                + String.valueOf(text).lines().findFirst().orElse("")
                + (library ? LIBRARY_HINT : ""));
        if (traces) {
            failure.printStackTrace(err);
        }
        return (library ? ExitCode.UNAVAILABLE : ExitCode.SOFTWARE).status();
    }

    /** What picocli lets through; the JVM would end with 1, which tells nothing, and a stack trace. */
    int handleEscaped(Throwable failure, CommandLine command) {
        PrintWriter err = command.getErr();
        err.println("lockstep: " + bug(failure));
        if (traces) {
            failure.printStackTrace(err);
        }
        return ExitCode.SOFTWARE.status();
    }

    static ExitCode code(Exception failure) {
        if (failure instanceof CommandFailure known) {
            return known.code();
        }
        if (failure instanceof InvalidSettings
                || failure instanceof SetupRefused
                || failure instanceof InvalidPathException) {
            return ExitCode.CONFIG;
        }
        if (failure instanceof ModuleUnavailable) {
            return ExitCode.UNAVAILABLE;
        }
        if (failure instanceof IOException io) {
            return saysDenied(io) ? ExitCode.NO_PERMISSION : ExitCode.of(io);
        }
        return ExitCode.SOFTWARE;
    }

    /** As sockets do, whose exceptions are of no kind of their own. */
    private static boolean saysDenied(IOException failure) {
        return Optional.ofNullable(failure.getMessage()).orElse("").contains("Permission denied");
    }

    private static String message(Exception failure, ExitCode code) {
        if (code == ExitCode.SOFTWARE) {
            return bug(failure);
        }
        if (failure instanceof InvalidPathException path) {
            return PathText.refusal(path.getInput());
        }
        return failure instanceof IOException io
                ? PlainWords.of(io)
                : Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
    }

    private static String hint(CommandLine command, ExitCode code) {
        return code == ExitCode.NO_PERMISSION && command.getCommand() instanceof AgentCommand ? ROOT_HINT : "";
    }

    private static String bug(Throwable failure) {
        return "a bug: " + failure + "; LOCKSTEP_DEBUG=1 shows where";
    }
}
