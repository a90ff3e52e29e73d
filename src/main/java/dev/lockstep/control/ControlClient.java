// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a running agent one thing. Blocks its caller, for the patience given at most. */
public final class ControlClient {
    /** Longer than the server's, so that its verdict arrives first. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int CHUNK_BYTES = 8192;

    private final Path socket;
    private final Duration patience;

    /**
     * Prepares to ask; nothing is opened yet.
     *
     * @param socket the agent's control socket
     */
    public ControlClient(Path socket) {
        this(socket, PATIENCE);
    }

    ControlClient(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /**
     * Asks and waits for the answer.
     *
     * @param request what to ask
     * @return the answer
     * @throws IOException if no agent listens, or it does not answer in time or not to the end
     */
    public Answer ask(Request request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            long endNs = System.nanoTime() + patience.toNanos();
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer line = StandardCharsets.ISO_8859_1.encode(request.line() + "\n");
            while (line.hasRemaining()) {
                await(selector, endNs);
                channel.write(line);
            }
            key.interestOps(SelectionKey.OP_READ);
            return Answer.parse(readAll(channel, selector, endNs));
        } catch (IllegalArgumentException e) {
            throw new IOException(socket + ": " + e.getMessage(), e);
        }
    }

    private String readAll(SocketChannel channel, Selector selector, long endNs) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        while (true) {
            await(selector, endNs);
            int count = channel.read(chunk);
            if (count < 0) {
                return all.toString(StandardCharsets.UTF_8);
            }
            all.write(chunk.array(), 0, chunk.position());
            chunk.clear();
        }
    }

    private void await(Selector selector, long endNs) throws IOException {
        long leftMs = (endNs - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0 || selector.select(leftMs) == 0) {
            throw new SocketTimeoutException(socket + ": no answer within " + patience.toSeconds() + " s");
        }
        selector.selectedKeys().clear();
    }
}
