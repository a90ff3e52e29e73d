// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A network that is cut between heartbeating nodes, whole agents. */
class SplitStoryTest {
    private static final NodeNumber ONE = NodeNumber.of(1);
    private static final NodeNumber TWO = NodeNumber.of(2);
    private static final NodeNumber THREE = NodeNumber.of(3);
    private static final Duration STANDS = Duration.ofSeconds(20);

    private static Scene scene() {
        Scene scene = new Scene(SimSettings.ofNodes(3).withSplitVerdictAfter(STANDS));
        scene.running();
        return scene;
    }

    private static boolean isShown(Scene scene, NodeNumber on) {
        return scene.state(on).lockspaces().values().stream()
                .flatMap(lockspace -> lockspace.reasons().stream())
                .map(Reason::code)
                .anyMatch(ReasonCode.SPLIT::equals);
    }

    @Test
    void oneBrokenLinkOfThreeCostsOneNodeAndAllSayWhich() {
        Scene scene = scene();
        scene.cluster().network().cut(ONE, THREE);
        scene.pass(Duration.ofSeconds(20));
        for (NodeNumber node : scene.cluster().numbers()) {
            assertThat(isShown(scene, node)).as("node %s", node).isTrue();
        }
        scene.pass(Duration.ofSeconds(20));
        assertThat(scene.node(THREE).up()).isFalse();
        scene.pass(scene.cluster().settings().dead().plus(Duration.ofSeconds(20)));
        assertThat(scene.runsOn(ONE, TWO)).isTrue();
        assertThat(scene.cluster().violations()).isEmpty();
    }

    @Test
    void aNodeThatNobodyReachesGoes() {
        Scene scene = scene();
        scene.cluster().network().cut(ONE, TWO);
        scene.cluster().network().cut(ONE, THREE);
        scene.pass(Duration.ofSeconds(50));
        assertThat(scene.node(ONE).up()).isFalse();
        assertThat(scene.node(TWO).up()).isTrue();
        assertThat(scene.node(THREE).up()).isTrue();
        scene.pass(scene.cluster().settings().dead().plus(Duration.ofSeconds(20)));
        assertThat(scene.runsOn(TWO, THREE)).isTrue();
        assertThat(scene.cluster().violations()).isEmpty();
    }

    @Test
    void ofAWholeSwitchThatFailsTheLowestNodeIsLeft() {
        Scene scene = scene();
        scene.cluster().network().cut(ONE, TWO);
        scene.cluster().network().cut(ONE, THREE);
        scene.cluster().network().cut(TWO, THREE);
        scene.pass(Duration.ofSeconds(50));
        assertThat(scene.node(ONE).up()).isTrue();
        assertThat(scene.node(TWO).up()).isFalse();
        assertThat(scene.node(THREE).up()).isFalse();
        scene.pass(scene.cluster().settings().dead().plus(Duration.ofSeconds(20)));
        assertThat(scene.runsOn(ONE)).isTrue();
    }

    @Test
    void aCutThatHealsCostsNobody() {
        Scene scene = scene();
        scene.cluster().network().cut(ONE, THREE);
        scene.pass(Duration.ofSeconds(20));
        scene.cluster().network().mend(ONE, THREE);
        scene.pass(Duration.ofMinutes(2));
        assertThat(scene.runsOn(ONE, TWO, THREE)).isTrue();
        assertThat(isShown(scene, ONE)).isFalse();
        assertThat(scene.cluster().violations()).isEmpty();
    }

    @Test
    void aNodeWithoutAnAgentIsNotCutOffByItsSilence() {
        Scene scene = scene();
        scene.node(THREE).killAgent();
        scene.cluster().network().cut(ONE, THREE);
        scene.pass(Duration.ofMinutes(2));
        assertThat(isShown(scene, ONE)).isFalse();
        assertThat(scene.cluster().numbers())
                .allMatch(number -> scene.node(number).up());
    }

    @Test
    void anAgentRestartedDuringTheCutStillSeesIt() {
        Scene scene = scene();
        scene.cluster().network().cut(ONE, THREE);
        scene.pass(Duration.ofSeconds(20));
        scene.node(THREE).killAgent();
        scene.pass(Duration.ofSeconds(1));
        scene.node(THREE).startAgent();
        scene.pass(Duration.ofSeconds(60));
        assertThat(scene.node(THREE).up()).isFalse();
        assertThat(scene.node(ONE).up()).isTrue();
        assertThat(scene.node(TWO).up()).isTrue();
    }
}
