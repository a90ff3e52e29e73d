// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Asks a running agent one thing. Blocks its caller, for the patience given at most. */
public final class ControlClient {
    /** Longer than the server's, so that its verdict arrives first. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Between two calls to an agent whose queue of callers is full: nothing tells when it has room. */
    private static final Duration CALL_EVERY = Duration.ofMillis(50);

    private static final int CHUNK_BYTES = 8192;

    /** Of the 108 bytes of sockaddr_un.sun_path (unix(7)) the JDK leaves two. */
    private static final int PATH_MAX_BYTES = 106;

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

    /** {@return why the kernel takes no socket of this path; empty if it does} */
    public static Optional<String> whyNoSocket(Path path) {
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        return bytes <= PATH_MAX_BYTES
                ? Optional.empty()
                : Optional.of("has " + bytes + " bytes, a socket's path may have " + PATH_MAX_BYTES);
    }

    /**
     * Asks and waits for the answer.
     *
     * @param request what to ask
     * @return the answer
     * @throws ConnectException if no agent listens
     * @throws AccessDeniedException if the agent's socket is not for this user
     * @throws SocketTimeoutException if the agent does not answer in time
     * @throws IOException if it does not answer to the end
     */
    public Answer ask(Request request) throws IOException {
        long endNs = System.nanoTime() + patience.toNanos();
        try (Selector selector = Selector.open();
                SocketChannel channel = connect(selector, endNs)) {
            return Answer.parse(exchange(request, channel, selector, endNs));
        } catch (IllegalArgumentException e) {
            throw new IOException(socket + ": " + e.getMessage(), e);
        }
    }

    /** A full queue of callers is EAGAIN, and nothing to wait for: one can only call again. */
    private SocketChannel connect(Selector idle, long endNs) throws IOException {
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            String why = "its queue is full";
            try {
                channel.configureBlocking(false);
                if (channel.connect(UnixDomainSocketAddress.of(socket))) {
                    return channel;
                }
            } catch (SocketException e) {
                // EAGAIN has no class of its own, and its text depends on the locale.
                if (!e.getClass().equals(SocketException.class) || Files.notExists(socket)) {
                    channel.close();
                    throw explained(socket, e);
                }
                why = e.getMessage();
            }
            channel.close();
            long leftMs = leftMs(endNs);
            if (leftMs <= 0) {
                throw late("the agent does not answer: no call was taken (" + why + ")");
            }
            idle.select(Math.min(leftMs, CALL_EVERY.toMillis()));
        }
    }

    /** {@return what a call that was not taken means} BindException is what the JDK makes of EACCES. */
    static IOException explained(Path socket, SocketException cause) {
        IOException explained = cause instanceof BindException
                ? new AccessDeniedException(socket.toString(), null, cause.getMessage())
                : new ConnectException(cause.getMessage());
        explained.initCause(cause);
        return explained;
    }

    private String exchange(Request request, SocketChannel channel, Selector selector, long endNs) throws IOException {
        try {
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer line = StandardCharsets.ISO_8859_1.encode(request.line() + "\n");
            while (line.hasRemaining()) {
                await(selector, endNs);
                channel.write(line);
            }
            key.interestOps(SelectionKey.OP_READ);
            return readAll(channel, selector, endNs);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(socket + ": the agent went away before it had answered (" + e.getMessage() + ")", e);
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
        long leftMs = leftMs(endNs);
        if (leftMs <= 0 || selector.select(leftMs) == 0) {
            throw late("no answer");
        }
        selector.selectedKeys().clear();
    }

    private static long leftMs(long endNs) {
        return (endNs - System.nanoTime()) / 1_000_000;
    }

    private SocketTimeoutException late(String what) {
        return new SocketTimeoutException(socket + ": " + what + " within " + patience.toSeconds() + " s");
    }
}
