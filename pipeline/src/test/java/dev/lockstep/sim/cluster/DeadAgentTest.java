// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.reason.ReasonCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** agent-dead-after, whole agents. */
class DeadAgentTest {
    private static final NodeNumber ONE = NodeNumber.of(1);
    private static final NodeNumber TWO = NodeNumber.of(2);
    private static final NodeNumber THREE = NodeNumber.of(3);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Scene scene(SimSettings settings) {
        Scene scene = new Scene(settings);
        scene.running();
        return scene;
    }

    private static boolean isNamed(Scene scene) {
        return scene.state(ONE).lockspaces().values().stream()
                .flatMap(lockspace -> lockspace.reasons().stream())
                .anyMatch(reason -> reason.code() == ReasonCode.AGENT_SILENT
                        && reason.nodes().contains(THREE));
    }

    /** Node 3 loses its agent, and then node 2 its power, so that a new epoch is to be answered. */
    private static void silence(Scene scene) {
        scene.node(THREE).killAgent();
        scene.pass(Duration.ofMinutes(5)); // nobody waits for it: nothing happens
        assertThat(scene.runsOn(ONE, TWO, THREE)).isTrue();
        scene.node(TWO).crash("loses its power");
        scene.pass(scene.cluster().settings().dead().plus(Duration.ofSeconds(25)));
        assertThat(isNamed(scene)).isTrue();
    }

    @Test
    void byDefaultOthersWaitForEverAndSayForWhom() {
        Scene scene = scene(SimSettings.ofNodes(3));
        silence(scene);
        scene.pass(Duration.ofMinutes(30));
        assertThat(scene.node(THREE).up()).isTrue();
        assertThat(isNamed(scene)).isTrue();
        scene.node(THREE).startAgent();
        scene.pass(Duration.ofSeconds(30));
        assertThat(scene.runsOn(ONE, THREE)).isTrue();
        assertThat(scene.cluster().violations()).isEmpty();
    }

    @Test
    void afterTheLimitItIsToldToGoAndResetsItselfWhenItsAgentIsBack() {
        Scene scene = scene(SimSettings.ofNodes(3).withAgentsDeadAfter(LIMIT));
        silence(scene);
        BootId boot = scene.node(THREE).bootId();
        scene.pass(LIMIT);
        assertThat(scene.state(ONE).evictions()).anyMatch(e -> e.boot().equals(boot));
        assertThat(scene.node(THREE).up()).isTrue();
        scene.node(THREE).startAgent();
        scene.pass(Duration.ofSeconds(20));
        assertThat(scene.node(THREE).up()).isFalse();
        scene.pass(scene.cluster().settings().dead().plus(Duration.ofSeconds(20)));
        assertThat(scene.runsOn(ONE)).isTrue();
        assertThat(scene.cluster().violations()).isEmpty();
    }

    @Test
    void withAFenceCommandItIsFencedAndTheOthersGoOn() {
        Scene scene = scene(SimSettings.ofNodes(3).withFenceCommand().withAgentsDeadAfter(LIMIT));
        silence(scene);
        scene.pass(LIMIT.plus(Duration.ofSeconds(40)));
        assertThat(scene.node(THREE).up()).isFalse();
        assertThat(scene.runsOn(ONE)).isTrue();
        assertThat(scene.cluster().violations()).isEmpty();
    }

    @Test
    void aRestartedAgentIsNeverTakenForADeadOne() {
        Scene scene = scene(SimSettings.ofNodes(3).withAgentsDeadAfter(LIMIT));
        for (int round = 0; round < 6; round++) {
            scene.node(THREE).killAgent();
            scene.node(TWO).crash("loses its power");
            scene.pass(scene.cluster().settings().dead().plus(Duration.ofSeconds(20)));
            scene.node(THREE).startAgent();
            scene.node(TWO).boot();
            scene.pass(Duration.ofSeconds(20));
            scene.create(scene.node(TWO));
            scene.pass(Duration.ofSeconds(40));
        }
        assertThat(scene.runsOn(ONE, TWO, THREE)).isTrue();
        assertThat(scene.state(ONE).evictions()).noneMatch(e -> e.node().equals(THREE));
    }
}
