// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.wakeups;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.port.WakeUps;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.udp.UdpServer;

/**
 * Wake-ups by UDP on the DLM network, over reactor-netty. Only a configured peer's own address is listened to; what
 * comes from elsewhere, is no wake-up, or comes faster than {@value #MOST_PER_SECOND} a second and peer is counted and
 * dropped. A lost message costs one board poll.
 *
 * <p>{@link #send} may be called by any thread and does not block; errors are logged once per kind. {@link #received}
 * has one subscriber and emits on a netty thread; what it does not take at once is dropped.
 */
public final class UdpWakeUps implements WakeUps, AutoCloseable {
    /** A forged flood from a peer's address costs at most so many board reads. */
    static final int MOST_PER_SECOND = 200;

    private static final Logger LOG = LoggerFactory.getLogger(UdpWakeUps.class);
    private static final Duration BIND_PATIENCE = Duration.ofSeconds(10);
    private static final long SECOND_NS = 1_000_000_000L;

    private final Map<NodeNumber, InetSocketAddress> peers;
    private final Map<NodeNumber, Budget> budgets = new HashMap<>();
    private final Sinks.Many<WakeUp> heard = Sinks.many().multicast().directBestEffort();
    private final AtomicLong ignored = new AtomicLong();
    private final Connection connection;
    private volatile boolean sendFailed;

    /** How many messages of one peer were taken in the running second. Confined to the receiving thread. */
    private static final class Budget {
        private long secondStartNs;
        private int taken;

        boolean take(long nowNs) {
            if (nowNs - secondStartNs >= SECOND_NS) {
                secondStartNs = nowNs;
                taken = 0;
            }
            return ++taken <= MOST_PER_SECOND;
        }
    }

    private UdpWakeUps(InetSocketAddress local, Map<NodeNumber, InetSocketAddress> peers) {
        this.peers = Collections.unmodifiableMap(new HashMap<>(peers));
        peers.keySet().forEach(node -> budgets.put(node, new Budget()));
        this.connection = UdpServer.create()
                .bindAddress(() -> local)
                .handle((in, out) -> in.receiveObject()
                        .ofType(DatagramPacket.class)
                        .doOnNext(this::take)
                        .then())
                .bindNow(BIND_PATIENCE);
    }

    /**
     * Binds and listens.
     *
     * @param local address and port of this node
     * @param peers every other node's address and port
     * @throws RuntimeException if the address cannot be bound; says which
     */
    public static UdpWakeUps bind(InetSocketAddress local, Map<NodeNumber, InetSocketAddress> peers) {
        return new UdpWakeUps(local, peers);
    }

    private void take(DatagramPacket packet) {
        Optional<WakeUp> wakeUp = WakeUpCodec.decode(packet.content().nioBuffer());
        Optional<InetAddress> expected = wakeUp.map(w -> peers.get(w.node())).map(InetSocketAddress::getAddress);
        boolean fromPeer =
                expected.isPresent() && expected.get().equals(packet.sender().getAddress());
        Budget budget = wakeUp.map(w -> budgets.get(w.node())).orElse(null);
        if (!fromPeer || budget == null || !budget.take(System.nanoTime())) {
            ignored.incrementAndGet();
            return;
        }
        // No subscriber, or one that is busy: a lost hint, which the next poll makes up for.
        if (heard.tryEmitNext(wakeUp.get()) != Sinks.EmitResult.OK) {
            ignored.incrementAndGet();
        }
    }

    /** {@return datagrams that were no wake-up of a peer, or too many} */
    public long ignored() {
        return ignored.get();
    }

    @Override
    public Flux<WakeUp> received() {
        return heard.asFlux();
    }

    @Override
    public void send(WakeUp wakeUp) {
        byte[] bytes = WakeUpCodec.encode(wakeUp);
        connection
                .outbound()
                .sendObject(Flux.fromIterable(peers.values())
                        .map(peer -> new DatagramPacket(Unpooled.wrappedBuffer(bytes), peer)))
                .then()
                .subscribe(null, this::sendFailed, () -> sendFailed = false);
    }

    private void sendFailed(Throwable failure) {
        if (!sendFailed) {
            sendFailed = true;
            LOG.warn("Wake-ups cannot be sent ({}); boards are polled all the same", failure.getMessage());
        }
    }

    @Override
    public void close() {
        connection.disposeNow(BIND_PATIENCE);
    }
}
