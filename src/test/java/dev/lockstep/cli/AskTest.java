// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Path;
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
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            new StatusSnapshot.Uevents(0, 0, 0, 0));

    @TempDir
    private Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

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
        return Main.run(
                (settings, dryRun) -> 0,
                (keep, screen) -> 0,
                Map.of(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                all);
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

    @Test
    void tellsASocketThatADeadAgentLeftBehind() throws IOException {
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(temp.resolve("admin.sock")));
        dead.close();

        assertThat(run("ls")).isEqualTo(75);
        assertThat(err.toString()).contains("no agent listens on ");
    }
}
