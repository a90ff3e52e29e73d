// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.config.ControlSocket;
import dev.lockstep.config.Sources;
import dev.lockstep.control.ControlServer;
import dev.lockstep.control.StatusSnapshot;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask a running agent, on a real socket. */
final class AskTest {
    private static final StatusSnapshot EMPTY = new StatusSnapshot(
            new NodeNumber(1),
            "alpha",
            new BootId(0, 1),
            0,
            true,
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            new StatusSnapshot.Uevents(0, 0, 0, 0),
            0);

    private static final Path DEFAULT = Path.of("/run/lockstep/admin.sock");

    @TempDir
    private Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();

    private int ask(String... args) throws IOException {
        try (ControlServer server = ControlServer.start(
                temp.resolve("admin.sock"), () -> EMPTY, (node, boot) -> Optional.empty(), () -> 1_000_000_000L)) {
            assertThat(server).isNotNull();
            return run(args);
        }
    }

    private int run(String... args) {
        String[] all = new String[args.length + 2];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "--socket";
        all[args.length + 1] = temp.resolve("admin.sock").toString();
        return execute(all);
    }

    private int execute(String... args) {
        return Main.run(
                (settings, dryRun) -> 0,
                (keep, screen) -> 0,
                environment,
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                args);
    }

    @Test
    void printsDataToStandardOutput() throws IOException {
        assertThat(ask("status")).isZero();
        assertThat(ask("ls", "--json")).isZero();

        assertThat(out.toString()).isEqualTo("""
                        node 1 alpha, boot 00000000-0000-0000-0000-000000000001, agent up 1.0 s

                        No lockspaces.
                        {"schema":1,"lockspaces":[]}
                        """);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsARefusalToStandardErrorWithItsStatus() throws IOException {
        assertThat(ask("why", "foo")).isEqualTo(69);
        assertThat(ask("fence-ack", "beta", "--boot", "00000000-0000-0000-0000-000000000002"))
                .isEqualTo(69);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEqualTo("""
                        lockstep: no lockspace foo on this node
                        lockstep: no node beta in any region
                        """);
    }

    /** Whoever asks while the file is being edited needs no more of it than this one line. */
    @Test
    void asksWhereTheSettingsFileSaysWhateverElseIsWrongWithIt() throws IOException {
        Path socket = temp.resolve("other.sock");
        settings("paths.control-socket = " + socket, "dead-threshold = many", "nonsense = 1");
        try (ControlServer server =
                ControlServer.start(socket, () -> EMPTY, (node, boot) -> Optional.empty(), () -> 1_000_000_000L)) {
            assertThat(server).isNotNull();

            for (List<String> command : List.of(List.of("status"), List.of("ls"))) {
                assertThat(execute(command.toArray(String[]::new))).isZero();
            }
            assertThat(execute("why", "foo")).isEqualTo(69);
            assertThat(execute("fence-ack", "beta", "--boot", "00000000-0000-0000-0000-000000000002"))
                    .isEqualTo(69);
        }
    }

    @Test
    void anOptionWinsOverTheEnvironmentAndThatOverTheSettingsFile() throws IOException {
        settings("paths.control-socket = /file.sock");
        assertThat(asked("ls")).isEqualTo("/file.sock");

        Files.writeString(
                Files.createDirectory(temp.resolve("conf.d")).resolve("10.conf"),
                "paths.control-socket = /conf.d.sock");
        assertThat(asked("ls")).isEqualTo("/conf.d.sock");

        environment.put("LOCKSTEP_PATHS_CONTROL_SOCKET", "/variable.sock");
        assertThat(asked("ls")).isEqualTo("/variable.sock");
        assertThat(asked("ls", "--socket", "/option.sock")).isEqualTo("/option.sock");
    }

    @Test
    void asksAtTheDefaultWhereTheSettingsFileNamesNoPathThatAnAgentCouldTake() throws IOException {
        for (String line : List.of(
                "dead-threshold = 31",
                "paths = 7",
                "paths.control-socket = run/x",
                "paths {",
                "a = " + "[".repeat(20_000))) {
            settings(line);
            assertThat(path()).as(line).isEqualTo(DEFAULT);
        }
        Files.delete(temp.resolve("lockstep.conf"));
        assertThat(path()).isEqualTo(DEFAULT);
    }

    /** Not asked: one may listen there. */
    private Path path() {
        return ControlSocket.path(new Sources(Map.of(), environment, Optional.empty(), ""));
    }

    private void settings(String... lines) throws IOException {
        Path file = Files.writeString(temp.resolve("lockstep.conf"), String.join("\n", lines));
        environment.put("LOCKSTEP_CONFIG", file.toString());
    }

    /** {@return the socket at which a command found no agent} */
    private String asked(String... args) {
        err.getBuffer().setLength(0);
        assertThat(execute(args)).isEqualTo(75);
        return err.toString()
                .replaceFirst("lockstep: no agent listens on ", "")
                .replaceFirst("; is it running\\?\n", "");
    }

    @Test
    void tellsASocketThatADeadAgentLeftBehind() throws IOException {
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(temp.resolve("admin.sock")));
        dead.close();

        assertThat(run("ls")).isEqualTo(75);
        assertThat(err.toString()).contains("no agent listens on ");
    }

    @Test
    void refusesAPathThatIsLongerThanTheKernelTakes() throws IOException {
        String path = "/tmp/" + "s".repeat(102);

        assertThat(execute("ls", "--socket", path)).isEqualTo(64);
        environment.put(ControlSocket.VARIABLE, path);
        assertThat(execute("ls")).isEqualTo(78);

        String line = "lockstep: " + path + ": has 107 bytes, a socket's path may have 106\n";
        assertThat(err.toString()).isEqualTo(line + line);
    }

    @Test
    void takesThePathWithTheMostBytesThatAnAgentListensOn() {
        assertThat(execute("ls", "--socket", "/tmp/" + "s".repeat(100))).isEqualTo(75);
    }
}
