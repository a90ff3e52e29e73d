// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.port.WakeUps.WakeUp;
import dev.lockstep.testing.Warnings;
import dev.lockstep.wakeups.UdpWakeUps;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

final class LateWakeUpsTest {
    private static final NodeNumber ONE = NodeNumber.of(1);
    private static final NodeNumber TWO = NodeNumber.of(2);

    private final List<Duration> pauses = new ArrayList<>();
    private final InetSocketAddress here = free();
    private final InetSocketAddress peer = free();

    /** An address that comes after so many tries. */
    private LateWakeUps lateBy(int missing) {
        return new LateWakeUps(() -> {
            if (pauses.size() < missing) {
                throw new IllegalStateException("10.0.0.1: EADDRNOTAVAIL");
            }
            return UdpWakeUps.bind(here, Map.of(TWO, peer));
        });
    }

    private static InetSocketAddress free() {
        try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), probe.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anAddressThatComesLateIsTriedAgainAndWhoListenedBeforeHears() {
        WakeUp hint = new WakeUp(new RegionId("R1"), TWO, new BootId(7, 8));
        try (LateWakeUps late = lateBy(3);
                UdpWakeUps two = UdpWakeUps.bind(peer, Map.of(ONE, here))) {
            StepVerifier.create(late.received().take(1))
                    .then(() -> {
                        late.send(new WakeUp(new RegionId("R1"), ONE, new BootId(1, 1))); // nobody hears it
                        late.untilBound(pauses::add);
                        two.send(hint);
                    })
                    .expectNext(hint)
                    .expectComplete()
                    .verify(Duration.ofSeconds(30));
        }
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void oneReasonIsToldOnceAndTheWaitEndsWithTheAgent() {
        try (LateWakeUps late = lateBy(Integer.MAX_VALUE)) {
            assertThat(Warnings.of(
                            LateWakeUps.class, () -> late.untilBound(pause -> pauses.add(pause) && pauses.size() < 20)))
                    .singleElement()
                    .asString()
                    .contains("10.0.0.1: EADDRNOTAVAIL");
        }
        assertThat(pauses).hasSize(20).endsWith(HeartbeatStart.LONGEST_PAUSE);
    }

    @Test
    void whatIsBoundAfterTheEndIsClosedAgain() {
        LateWakeUps late = lateBy(0);
        late.close();
        late.untilBound(pauses::add);

        try (UdpWakeUps again = UdpWakeUps.bind(here, Map.of())) {
            assertThat(again.ignored()).isZero();
        }
    }

    @Test
    void countsWhatIsIgnoredOnceItIsBound() throws IOException {
        WakeUp hint = new WakeUp(new RegionId("R1"), TWO, new BootId(7, 8));
        try (LateWakeUps late = lateBy(1);
                UdpWakeUps two = UdpWakeUps.bind(peer, Map.of(ONE, here));
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertThat(late.ignored()).isZero();
            late.untilBound(pauses::add);
            StepVerifier.create(late.received().take(1))
                    .then(() -> {
                        try {
                            stranger.send(new DatagramPacket(new byte[] {1, 2, 3}, 3, here));
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                        two.send(hint);
                    })
                    .expectNext(hint)
                    .expectComplete()
                    .verify(Duration.ofSeconds(30));
            assertThat(late.ignored()).isEqualTo(1);
        }
    }
}
