// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.wakeups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.port.WakeUps.WakeUp;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class UdpWakeUpsTest {
    private static final NodeNumber ONE = NodeNumber.of(1);
    private static final NodeNumber TWO = NodeNumber.of(2);
    private static final WakeUp FROM_ONE = new WakeUp(new RegionId("R1"), ONE, new BootId(7, 8));

    private final InetAddress loopback = InetAddress.getLoopbackAddress();

    @Test
    void aWakeUpReachesThePeer() throws Exception {
        InetSocketAddress first = free();
        InetSocketAddress second = free();
        try (UdpWakeUps one = UdpWakeUps.bind(first, Map.of(TWO, second));
                UdpWakeUps two = UdpWakeUps.bind(second, Map.of(ONE, first))) {
            StepVerifier.create(two.received().take(1))
                    .then(() -> one.send(FROM_ONE))
                    .expectNext(FROM_ONE)
                    .expectComplete()
                    .verify(Duration.ofSeconds(30));
        }
    }

    @Test
    void whatIsNoWakeUpOfAPeerIsCountedAndDropped() throws Exception {
        InetSocketAddress first = free();
        InetSocketAddress second = free();
        try (UdpWakeUps one = UdpWakeUps.bind(first, Map.of(TWO, second));
                UdpWakeUps two = UdpWakeUps.bind(second, Map.of(ONE, first));
                DatagramSocket raw = new DatagramSocket(0, loopback)) {
            byte[] stranger = WakeUpCodec.encode(new WakeUp(new RegionId("R1"), NodeNumber.of(9), new BootId(1, 1)));
            StepVerifier.create(two.received().take(1))
                    .then(() -> {
                        send(raw, second, stranger);
                        send(raw, second, new byte[] {1, 2, 3});
                        one.send(FROM_ONE);
                    })
                    .expectNext(FROM_ONE)
                    .expectComplete()
                    .verify(Duration.ofSeconds(30));
            assertThat(two.ignored()).isEqualTo(2);
        }
    }

    @Test
    void anyBytesDecodeToAWakeUpOrToNothing() {
        Random random = new Random(42);
        byte[] good = WakeUpCodec.encode(FROM_ONE);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(80) : good.length);
            for (int flips = random.nextInt(6); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            WakeUpCodec.decode(ByteBuffer.wrap(bytes))
                    .ifPresent(w -> assertThat(WakeUpCodec.decode(ByteBuffer.wrap(WakeUpCodec.encode(w))))
                            .contains(w));
        }
    }

    private void send(DatagramSocket from, InetSocketAddress to, byte[] bytes) {
        try {
            from.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private InetSocketAddress free() throws Exception {
        try (DatagramSocket probe = new DatagramSocket(0, loopback)) {
            return new InetSocketAddress(loopback, probe.getLocalPort());
        }
    }
}
