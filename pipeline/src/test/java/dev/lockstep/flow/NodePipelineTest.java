// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sim.SimDlmCall;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class NodePipelineTest {

    @Test
    void threeNodesJoinOneLockspace() {
        ShellCluster cluster = new ShellCluster(3, "R1");
        ShellNode zero = cluster.boot(0);
        ShellNode one = cluster.boot(1);
        ShellNode two = cluster.boot(2);

        SimDlmCall created = zero.create("vol");
        one.create("vol");
        two.create("vol");

        cluster.runsOn(Duration.ofSeconds(30), "vol", 0, 1, 2);
        assertThat(created.succeeded()).isTrue();
    }
}
