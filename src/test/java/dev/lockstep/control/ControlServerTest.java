// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.control.StatusSnapshot.Region;
import dev.lockstep.domain.RegionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that behave badly, on a real socket. */
final class ControlServerTest {
    private static final Request LS = new Request(Request.Verb.LS, false, List.of());

    @TempDir
    private Path temp;

    private final List<AutoCloseable> open = new ArrayList<>();

    private Path serve(Supplier<StatusSnapshot> published, Duration patience) throws IOException {
        Path socket = temp.resolve("admin.sock");
        open.add(ControlServer.start(socket, published, (node, boot) -> Optional.empty(), System::nanoTime, patience));
        return socket;
    }

    private Path serve() throws IOException {
        return serve(Snapshots::three, ControlServer.PATIENCE);
    }

    private SocketChannel connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        open.add(0, channel);
        return channel;
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        channel.write(StandardCharsets.ISO_8859_1.encode(text));
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
        while (channel.read(bytes) >= 0) {
            assertThat(bytes.hasRemaining()).isTrue();
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private static Answer ask(Path socket) throws IOException {
        return new ControlClient(socket).ask(LS);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    /** As many as the settings allow. */
    @Test
    void listensOnAPathOf105Bytes() throws IOException {
        Path socket = temp.resolve("s".repeat(104 - temp.toString().length()));
        assertThat(socket.toString()).hasSize(105);

        open.add(ControlServer.start(
                socket, Snapshots::three, (node, boot) -> Optional.empty(), System::nanoTime, ControlServer.PATIENCE));

        assertThat(ask(socket).status()).isZero();
    }

    @Test
    void answersAClient() throws IOException {
        Answer answer = ask(serve());

        assertThat(answer.status()).isZero();
        assertThat(answer.body()).startsWith("LOCKSPACE");
    }

    @Test
    void letsOnlyItsOwnerAndGroupIn() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(serve())))
                .isEqualTo("rw-rw----");
    }

    @Test
    void takesThePlaceOfASocketThatAPredecessorLeft() throws IOException {
        Files.writeString(temp.resolve("admin.sock"), "left behind");
        Files.writeString(temp.resolve("admin.sock~"), "left behind too");

        assertThat(ask(serve()).status()).isZero();
    }

    @Test
    void removesItsSocketAtTheEnd() throws Exception {
        Path socket = serve();
        open.remove(0).close();

        assertThat(socket).doesNotExist();
    }

    @Test
    void answersALineThatComesInPieces() throws IOException {
        SocketChannel channel = connect(serve());
        for (String piece : List.of("1", " l", "s te", "xt", "\n")) {
            write(channel, piece);
        }

        assertThat(readAll(channel)).startsWith("0 ").contains("LOCKSPACE");
    }

    @Test
    void saysThatARequestIsNone() throws IOException {
        SocketChannel channel = connect(serve());
        write(channel, "GET / HTTP/1.1\n");

        assertThat(readAll(channel)).isEqualTo("64 0 not a request this agent knows\n");
    }

    @Test
    void saysThatARequestIsTooLong() throws IOException {
        SocketChannel channel = connect(serve());
        write(channel, "x".repeat(Request.MAX_BYTES));

        assertThat(readAll(channel)).isEqualTo("64 0 the request is longer than 1024 bytes\n");
    }

    @Test
    void saysThatTheAgentFailedToAnswerAndGoesOn() throws IOException {
        List<StatusSnapshot> published = new ArrayList<>();
        Path socket = serve(() -> published.get(0), ControlServer.PATIENCE);

        assertThat(ask(socket).status()).isEqualTo(70);
        published.add(Snapshots.three());
        assertThat(ask(socket).status()).isZero();
    }

    @Test
    void hangsUpOnAClientThatSaysNothing() throws IOException {
        SocketChannel channel = connect(serve(Snapshots::three, Duration.ofMillis(50)));

        assertThat(readAll(channel)).isEmpty();
    }

    @Test
    void letsOthersInAgainWhenSilentClientsHaveTakenEveryPlace() throws IOException {
        Path socket = serve(Snapshots::three, Duration.ofMillis(200));
        for (int i = 0; i < 2 * ControlServer.MAX_CLIENTS; i++) {
            connect(socket);
        }

        assertThat(ask(socket).status()).isZero();
    }

    @Test
    void answersOthersWhileAClientDoesNotRead() throws IOException {
        Path socket = serve(ControlServerTest::huge, ControlServer.PATIENCE);
        SocketChannel deaf = connect(socket);
        write(deaf, "1 status text\n");

        assertThat(ask(socket).status()).isZero();
    }

    @Test
    void outlivesGarbage() throws IOException {
        Path socket = serve();
        long seed = 20261122;
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                byte[] bytes = new byte[random.nextInt(3000)];
                random.nextBytes(bytes);
                channel.configureBlocking(false);
                channel.write(ByteBuffer.wrap(bytes));
            } catch (IOException e) {
                // It hung up in the middle of our garbage, as it may.
                assertThat(e.getMessage()).isIn("Broken pipe", "Connection reset by peer");
            }
        }

        assertThat(ask(socket).status()).as("seed %d", seed).isZero();
    }

    @Test
    void leavesNoDescriptorBehind() throws IOException {
        Path socket = serve();
        ask(socket);
        long before = descriptors();
        for (int i = 0; i < 50; i++) {
            ask(socket);
        }

        // The last client's end may still be closing.
        assertThat(descriptors()).isLessThanOrEqualTo(before + 1);
    }

    @Test
    void isToldFromAnAgentThatDoesNotListen() throws Exception {
        Path socket = serve();
        SocketChannel held = connect(socket);
        open.remove(open.size() - 1).close();
        held.close();

        assertThatThrownBy(() -> ask(socket)).isInstanceOf(IOException.class);
    }

    @Test
    void doesNotLetAClientWaitForeverForAnAgentThatHangs() throws IOException {
        Path socket = serve();

        assertThatThrownBy(() -> new ControlClient(socket, Duration.ZERO).ask(LS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no answer within");
    }

    /** Nobody accepts: the queue is the kernel's. */
    private ServerSocketChannel hungWithAFullQueue(Path socket) throws IOException {
        ServerSocketChannel hung = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        open.add(hung);
        hung.bind(UnixDomainSocketAddress.of(socket), 1);
        boolean taken = true;
        while (taken) {
            SocketChannel caller = SocketChannel.open(StandardProtocolFamily.UNIX);
            open.add(0, caller);
            caller.configureBlocking(false);
            try {
                taken = caller.connect(UnixDomainSocketAddress.of(socket));
            } catch (SocketException e) {
                taken = false;
            }
        }
        return hung;
    }

    /** The timeout ends a client that waits for ever. */
    @Test
    @Timeout(30)
    void doesNotLetAClientWaitForeverForAPlaceInTheQueueOfAnAgentThatHangs() throws IOException {
        Path socket = temp.resolve("admin.sock");
        hungWithAFullQueue(socket);

        assertThatThrownBy(() -> new ControlClient(socket, Duration.ofMillis(120)).ask(LS))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageStartingWith(socket + ": the agent does not answer");
    }

    @Test
    @Timeout(30)
    void aClientThatFoundTheQueueFullIsAnsweredWhenThereIsRoomAgain() throws Exception {
        Path socket = temp.resolve("admin.sock");
        ServerSocketChannel busy = hungWithAFullQueue(socket);
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return ask(socket);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        closeCallers();
        while (!answer.isDone()) {
            try (SocketChannel caller = busy.accept()) {
                if (caller.read(ByteBuffer.allocate(64)) > 0) {
                    write(caller, Answer.of("at last").wire());
                    break;
                }
            }
        }

        assertThat(answer.get().body()).isEqualTo("at last");
    }

    private void closeCallers() throws Exception {
        while (open.size() > 1) {
            open.remove(0).close();
        }
    }

    @Test
    void namesTheSocketOfAnAgentThatGoesAwayEarly() throws Exception {
        Path socket = temp.resolve("admin.sock");
        ServerSocketChannel leaving = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        open.add(leaving);
        leaving.bind(UnixDomainSocketAddress.of(socket));
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> {
            try {
                leaving.accept().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThatThrownBy(() -> ask(socket))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageStartingWith(socket + ": the agent");
        gone.get();
    }

    private static long descriptors() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static StatusSnapshot huge() {
        StatusSnapshot small = Snapshots.three();
        Region region = new Region(
                new RegionId("R"),
                "d".repeat(500),
                true,
                "",
                0,
                small.regions().get(0).nodes());
        return new StatusSnapshot(
                small.node(),
                small.nodeName(),
                small.boot(),
                small.startedNs(),
                small.started(),
                Collections.nCopies(1000, region),
                small.lockspaces(),
                small.mustGo(),
                small.evictions(),
                small.uevents(),
                small.ignoredWakeUps());
    }
}
