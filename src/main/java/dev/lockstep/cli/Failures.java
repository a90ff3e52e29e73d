// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.config.InvalidSettings;
import dev.lockstep.config.PathText;
import dev.lockstep.config.Problem;
import dev.lockstep.kernelfs.ModuleUnavailable;
import dev.lockstep.kernelfs.SetupRefused;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
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
            err.println("lockstep: " + message(failure, code));
        }
        if (traces) {
            failure.printStackTrace(err);
        }
        return code.status();
    }

    /** Mostly a native library, unpacked to where no program may run. Its message may have many lines. */
    int handle(LinkageError failure, PrintWriter err) {
        String text = failure instanceof UnsatisfiedLinkError ? failure.getMessage() : failure.toString();
        err.println("lockstep: code cannot be loaded: "
                + String.valueOf(text).lines().findFirst().orElse("")
                + "; a library that is not in lib/native needs a directory that is not mounted noexec:"
                + " LOCKSTEP_JAVA_OPTS='-Djna.tmpdir=DIR -Djffi.extract.dir=DIR'");
        if (traces) {
            failure.printStackTrace(err);
        }
        return ExitCode.UNAVAILABLE.status();
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
        if (failure instanceof AccessDeniedException || says(failure, "Permission denied")) {
            return ExitCode.NO_PERMISSION;
        }
        return failure instanceof IOException ? ExitCode.IO_ERROR : ExitCode.SOFTWARE;
    }

    private static boolean says(Exception failure, String words) {
        return failure instanceof IOException
                && Optional.ofNullable(failure.getMessage()).orElse("").contains(words);
    }

    private static String message(Exception failure, ExitCode code) {
        String text = Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
        if (code == ExitCode.SOFTWARE) {
            return bug(failure);
        }
        if (failure instanceof InvalidPathException path) {
            return PathText.refusal(path.getInput());
        }
        // Its message is the path alone; the class says what happened.
        return failure instanceof FileSystemException file && file.getReason() == null
                ? file.getClass().getSimpleName().replace("Exception", "") + ": " + text
                : text;
    }

    private static String bug(Throwable failure) {
        return "a bug: " + failure + "; LOCKSTEP_DEBUG=1 shows where";
    }
}
