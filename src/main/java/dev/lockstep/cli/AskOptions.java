// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.config.ControlSocket;
import dev.lockstep.config.Sources;
import dev.lockstep.control.Answer;
import dev.lockstep.control.ControlClient;
import dev.lockstep.control.Request;
import dev.lockstep.exit.ExitCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How to ask a running agent, and in which form to print its answer. */
final class AskOptions {
    private final Map<String, String> environment;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "The agent's control socket, default $" + ControlSocket.VARIABLE
                    + ", else paths.control-socket of the settings file.")
    private @Nullable Path socket;

    @Option(names = "--json", description = "For programs; versioned by the field 'schema'.")
    private boolean json;

    AskOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Asks, prints, and gives the exit status. */
    int ask(CommandLine command, Request.Verb verb, String... arguments) throws IOException {
        Answer answer = ask(new Request(verb, json, List.of(arguments)));
        command.getOut().print(answer.body());
        command.getOut().flush();
        if (!answer.message().isEmpty()) {
            command.getErr().println("lockstep: " + answer.message());
        }
        return answer.status();
    }

    private Answer ask(Request request) throws IOException {
        Path path = path();
        if (!request.isSendable()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "names are written without blanks and control characters; a blank in a lockspace's name is \\x20");
        }
        ControlClient.whyNoSocket(path).ifPresent(why -> {
            throw new CommandFailure(socket == null ? ExitCode.CONFIG : ExitCode.USAGE, path + ": " + why);
        });
        if (Files.notExists(path)) {
            throw new CommandFailure(ExitCode.TEMPORARY, "no agent listens on " + path + "; is it running?");
        }
        try {
            return new ControlClient(path).ask(request);
        } catch (ConnectException e) {
            throw new CommandFailure(
                    ExitCode.TEMPORARY, "no agent listens on " + path + " (" + e.getMessage() + "); is it running?");
        } catch (SocketTimeoutException e) {
            throw new CommandFailure(ExitCode.TEMPORARY, String.valueOf(e.getMessage()));
        }
    }

    private Path path() {
        return Optional.ofNullable(socket)
                .orElseGet(() -> ControlSocket.path(new Sources(Map.of(), environment, Optional.empty(), "")));
    }
}
