// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.core.LockspaceState;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Heartbeat sessions that end and begin under one boot, whole agents. */
class RegionStoryTest {
    private static final NodeNumber ONE = NodeNumber.of(1);
    private static final NodeNumber TWO = NodeNumber.of(2);
    private static final NodeNumber THREE = NodeNumber.of(3);
    private static final RegionId RED = new RegionId("RED");
    private static final LockspaceName APPLE = new LockspaceName("apple");
    private static final LockspaceName CRESS = new LockspaceName("cress");

    private final Scene scene = new Scene(SimSettings.ofNodes(3));

    private Epoch epoch(LockspaceName name) {
        LockspaceState lockspace = scene.state(ONE).lockspaces().get(name);
        return lockspace == null ? Epoch.NONE : lockspace.epoch();
    }

    private List<String> story(int from) {
        return scene.cluster().story().subList(from, scene.cluster().story().size());
    }

    @Test
    void aRegionStoppedAndStartedWithoutARebootIsAnEpochAndNothingElse() {
        scene.running();
        Epoch apple = epoch(APPLE);
        Epoch cress = epoch(CRESS);
        BootId boot = scene.node(THREE).bootId();
        int told = scene.cluster().story().size();

        scene.node(THREE).restartRegion(RED);
        scene.pass(Duration.ofSeconds(30));

        assertThat(scene.runsOn(ONE, TWO, THREE)).isTrue();
        assertThat(epoch(APPLE)).isGreaterThan(apple);
        assertThat(epoch(CRESS)).isEqualTo(cress); // guarded by the other region
        assertThat(scene.node(THREE).bootId()).isEqualTo(boot);
        assertThat(story(told)).noneMatch(line -> line.contains(" comm of node ") || line.contains("renewing"));
        assertThat(scene.cluster().violations()).isEmpty();
    }

    @Test
    void aNodeThatLeavesTheRegionUnderItsLockspacesGoesAndTheOthersWaitForItsNextBoot() {
        scene.running();
        scene.node(THREE).kernel().lock(APPLE, "one");
        scene.node(THREE).leaveRegion(RED);
        scene.pass(Duration.ofSeconds(20));
        assertThat(scene.node(THREE).up()).isFalse();

        scene.pass(scene.cluster().settings().dead().multipliedBy(3));
        // CRESS is guarded by a region in which it fell silent, which proves it dead there and everywhere.
        assertThat(scene.runsOn(ONE, TWO)).isTrue();
        scene.node(THREE).boot();
        scene.pass(Duration.ofSeconds(20));
        scene.create(scene.node(THREE));
        scene.pass(Duration.ofSeconds(60));
        assertThat(scene.runsOn(ONE, TWO, THREE)).isTrue();
        assertThat(scene.cluster().violations()).isEmpty();
    }
}
