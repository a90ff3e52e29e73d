// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import dev.lockstep.port.BootClock;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the control socket on one thread of its own, non-blocking: a slow, silent or malicious client costs one of
 * {@value #MAX_CLIENTS} places for {@link #PATIENCE} at most, and never the agent's time. The socket's mode is 0660;
 * the directory it stands in decides who may come near it.
 *
 * <p>Thread-safe. A failure of one client is forgotten, a failure to accept is logged and tried again.
 */
public final class ControlServer implements AutoCloseable {
    /** Clients at a time; further ones wait in the listen queue. */
    static final int MAX_CLIENTS = 16;

    /** From accept to the last byte of the answer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int BACKLOG = 64;
    private static final long REST_NS = 1_000_000_000L;

    private final Path socket;
    private final Responder responder;
    private final BootClock clock;
    private final long patienceNs;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final SelectionKey accepting;
    private final Thread thread;

    /** Touched by the thread only. */
    private long restUntilNs;

    private volatile boolean closed;

    private ControlServer(Path socket, Responder responder, BootClock clock, Duration patience) throws IOException {
        this.socket = socket;
        this.responder = responder;
        this.clock = clock;
        this.patienceNs = patience.toNanos();
        this.selector = Selector.open();
        this.listener = bind(socket);
        this.accepting = listener.register(selector, SelectionKey.OP_ACCEPT);
        this.thread = new Thread(this::serve, "lockstep-control");
        thread.setDaemon(true);
    }

    /**
     * Binds the socket, in place of one that a predecessor left, and serves it.
     *
     * @param socket where; its directory must exist
     * @param published gives the newest snapshot without blocking
     * @param acks takes fence acknowledgements without blocking
     * @param clock CLOCK_BOOTTIME, for ages and patience
     * @return the server, running
     * @throws IOException if the socket cannot be made
     */
    public static ControlServer start(Path socket, Supplier<StatusSnapshot> published, FenceAcks acks, BootClock clock)
            throws IOException {
        return start(socket, published, acks, clock, PATIENCE);
    }

    static ControlServer start(
            Path socket, Supplier<StatusSnapshot> published, FenceAcks acks, BootClock clock, Duration patience)
            throws IOException {
        ControlServer server = new ControlServer(socket, new Responder(published, acks, clock), clock, patience);
        server.thread.start();
        return server;
    }

    /** Bound under another name and moved: never a moment with a wrong mode, nor one without a socket. */
    private static ServerSocketChannel bind(Path socket) throws IOException {
        Path fresh = socket.resolveSibling(socket.getFileName() + "~");
        Files.deleteIfExists(fresh);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(fresh), BACKLOG);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-rw----"));
            Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            listener.configureBlocking(false);
            return listener;
        } catch (IOException e) {
            listener.close();
            throw new IOException("bind " + socket + ": " + e.getMessage(), e);
        }
    }

    private void serve() {
        while (!closed) {
            try {
                selector.select(waitMs());
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid()) {
                        handle(key);
                    }
                }
                selector.selectedKeys().clear();
                expire();
            } catch (IOException | RuntimeException e) {
                LOG.warn("control socket {}: {}", socket, e.toString());
            }
        }
        for (SelectionKey key : selector.keys()) {
            closeQuietly(key);
        }
    }

    private void handle(SelectionKey key) {
        if (key.equals(accepting)) {
            accept();
            return;
        }
        Client client = (Client) key.attachment();
        try {
            if (!client.proceed(key, responder)) {
                closeQuietly(key);
            }
        } catch (IOException | RuntimeException e) {
            // A client that went away, or broke its end: nobody is left to tell.
            LOG.debug("control client: {}", e.toString());
            closeQuietly(key);
        }
    }

    private void accept() {
        try {
            SocketChannel channel = listener.accept();
            if (channel != null) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Client(clock.nowNs() + patienceNs));
            }
        } catch (IOException e) {
            LOG.warn("accept on {}: {}", socket, e.getMessage());
            // Most likely out of descriptors: the waiting client would wake us again and again.
            restUntilNs = clock.nowNs() + REST_NS;
        }
    }

    /** Accepts only while there are places: the others wait in the listen queue, at no cost to us. */
    private void expire() {
        long nowNs = clock.nowNs();
        int clients = 0;
        for (SelectionKey key : selector.keys()) {
            if (key.isValid() && key.attachment() instanceof Client client) {
                if (client.deadlineNs() - nowNs <= 0) {
                    closeQuietly(key);
                } else {
                    clients++;
                }
            }
        }
        accepting.interestOps(clients < MAX_CLIENTS && restUntilNs - nowNs <= 0 ? SelectionKey.OP_ACCEPT : 0);
    }

    /** Until the next client's patience ends, or the rest from accepting; 0: until something happens. */
    private long waitMs() {
        long nowNs = clock.nowNs();
        long nearestNs = restUntilNs > nowNs ? restUntilNs - nowNs : Long.MAX_VALUE;
        for (SelectionKey key : selector.keys()) {
            if (key.isValid() && key.attachment() instanceof Client client) {
                nearestNs = Math.min(nearestNs, client.deadlineNs() - nowNs);
            }
        }
        return nearestNs == Long.MAX_VALUE ? 0 : Math.max(1, nearestNs / 1_000_000 + 1);
    }

    private static void closeQuietly(SelectionKey key) {
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            LOG.debug("close: {}", e.toString());
        }
    }

    /** Stops serving and removes the socket. Clients that are being answered are cut off. Idempotent. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        selector.wakeup();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        selector.close();
        listener.close();
        Files.deleteIfExists(socket);
    }
}
