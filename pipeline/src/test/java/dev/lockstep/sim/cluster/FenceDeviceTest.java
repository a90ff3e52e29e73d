// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Eviction;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** fence = command, whole agents on a simulated power switch. */
class FenceDeviceTest {
    private static final NodeNumber ONE = NodeNumber.of(1);
    private static final NodeNumber TWO = NodeNumber.of(2);
    private static final NodeNumber THREE = NodeNumber.of(3);
    private static final LockspaceName APPLE = new LockspaceName("apple");

    private final Scene scene = new Scene(SimSettings.ofNodes(3).withFenceCommand());

    private List<String> orders() {
        return scene.cluster().story().stream()
                .filter(line -> line.matches("\\d+ ms node \\d: fence node .*"))
                .toList();
    }

    @Test
    void aMachinePausedPastTheThresholdIsSwitchedOffBeforeItsLocksAreGivenAway() {
        scene.running();
        scene.node(THREE).kernel().lock(APPLE, "one");
        scene.pass(Duration.ofSeconds(1));
        scene.node(THREE).pause(Duration.ofMinutes(5));
        scene.node(ONE).kernel().lock(APPLE, "one");
        scene.pass(Duration.ofSeconds(14));
        assertThat(scene.node(THREE).up()).isTrue();
        assertThat(orders()).isEmpty();

        scene.pass(Duration.ofSeconds(30));
        assertThat(scene.node(THREE).up()).isFalse();
        assertThat(scene.runsOn(ONE, TWO)).isTrue();
        assertThat(orders()).hasSize(1).first().asString().contains("node 1: fence node 3");
        scene.pass(Duration.ofMinutes(6));
        assertThat(scene.cluster().violations()).isEmpty();
    }

    @Test
    void theNextNodeTakesOverATurnLaterWhenTheLowestHasNoAgent() {
        scene.running();
        BootId boot = scene.node(THREE).bootId();
        scene.node(ONE).killAgent();
        scene.node(THREE).crash("loses its power");
        scene.pass(scene.cluster().settings().dead().plus(Duration.ofSeconds(10)));
        assertThat(orders()).isEmpty();
        scene.pass(SimSettings.COMMAND_TIMEOUT.plus(Duration.ofSeconds(20)));
        assertThat(orders()).hasSize(1).first().asString().contains("node 2: fence node 3");
        assertThat(scene.state(TWO).evictions())
                .anyMatch(e -> e.boot().equals(boot) && e.kind() == Eviction.Kind.FENCED);

        scene.node(ONE).startAgent();
        scene.pass(Duration.ofSeconds(30));
        assertThat(scene.runsOn(ONE, TWO)).isTrue();
        assertThat(orders()).hasSize(1);
        assertThat(scene.cluster().violations()).isEmpty();
    }

    @Test
    void bothNodesNameTheFencingWhileTheyWait() {
        scene.running();
        scene.node(THREE).crash("loses its power");
        boolean named = false;
        for (int second = 0; second < 40 && !named; second++) {
            scene.pass(Duration.ofSeconds(1));
            named = waitsFor(ONE, ReasonCode.FENCING) && waitsFor(TWO, ReasonCode.FENCING);
        }
        assertThat(named).isTrue();
        scene.pass(Duration.ofSeconds(30));
        assertThat(scene.runsOn(ONE, TWO)).isTrue();
    }

    private boolean waitsFor(NodeNumber number, ReasonCode code) {
        return scene.state(number).lockspaces().values().stream()
                .flatMap(lockspace -> lockspace.reasons().stream())
                .map(Reason::code)
                .anyMatch(code::equals);
    }
}
