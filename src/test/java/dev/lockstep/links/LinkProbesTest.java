// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.links;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.NodeNumber;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LinkProbesTest {
    private static final NodeNumber TWO = NodeNumber.of(2);
    private static final NodeNumber THREE = NodeNumber.of(3);

    private record Probed(NodeNumber peer, boolean answered) {}

    private final BlockingQueue<Probed> probed = new LinkedBlockingQueue<>();

    private Probed next() throws InterruptedException {
        return Objects.requireNonNull(probed.poll(60, TimeUnit.SECONDS), "nothing was probed");
    }

    private static InetAddress address(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    @Test
    void tellsOfEveryPeerAgainAndAgain() throws Exception {
        Map<NodeNumber, InetAddress> peers = Map.of(TWO, address(2), THREE, address(3));
        LinkProbes.Echo echo = (address, timeoutMs) -> address.equals(address(2));
        try (LinkProbes probes = LinkProbes.start(
                peers, Duration.ofMillis(1), (peer, answered) -> probed.add(new Probed(peer, answered)), echo)) {
            assertThat(probes).isNotNull();
            int of2 = 0;
            int of3 = 0;
            while (of2 < 3 || of3 < 3) {
                Probed each = next();
                assertThat(each.answered()).isEqualTo(each.peer().equals(TWO));
                of2 += each.peer().equals(TWO) ? 1 : 0;
                of3 += each.peer().equals(THREE) ? 1 : 0;
            }
        }
    }

    @Test
    void aFailureIsNoAnswerAndNoEnd() throws Exception {
        LinkProbes.Echo echo = (address, timeoutMs) -> {
            throw new IOException("Network is unreachable");
        };
        try (LinkProbes probes = LinkProbes.start(
                Map.of(TWO, address(2)),
                Duration.ofMillis(1),
                (peer, answered) -> probed.add(new Probed(peer, answered)),
                echo)) {
            assertThat(probes).isNotNull();
            assertThat(next().answered()).isFalse();
            assertThat(next().answered()).isFalse();
        }
    }

    @Test
    void thisMachineAnswersItself() throws Exception {
        try (LinkProbes probes = LinkProbes.start(
                Map.of(TWO, InetAddress.getLoopbackAddress()),
                Duration.ofSeconds(20),
                (peer, answered) -> probed.add(new Probed(peer, answered)))) {
            assertThat(probes).isNotNull();
            assertThat(next().answered()).isTrue();
        }
    }
}
