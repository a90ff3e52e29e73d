// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.uevent.Uevent;
import org.junit.jupiter.api.Test;

/** A lockspace named by a volume's UUID, beside the only other region. */
final class VolumeRegionsTest {
    private static final LockspaceName MOUNT = new LockspaceName("AD272840423641F0A2A7774D00CB48C6");
    private static final RegionId VOLUME = new RegionId("AD272840423641F0A2A7774D00CB48C6");

    private final Solo solo = new Solo(2, Solo.R).alive();

    @Test
    void aMountAsksForItsVolumesRegionAndTakesNoOther() {
        solo.uevent(Uevent.Action.ONLINE, MOUNT);
        solo.periods(5, 1);

        assertThat(Core.volumesWanted(solo.state)).containsExactly(VOLUME);
        assertThat(solo.why(MOUNT)).containsExactly(ReasonCode.REGION_STARTING);
        assertThat(solo.open).isEmpty();
    }

    @Test
    void otherNamesAndThoseWithARuleAskForNone() {
        solo.uevent(Uevent.Action.ONLINE, Solo.FOO);
        solo.uevent(Uevent.Action.ONLINE, new LockspaceName("AD272840423641F0A2A7774D00CB48C"));
        solo.uevent(Uevent.Action.ONLINE, new LockspaceName("GD272840423641F0A2A7774D00CB48C6"));

        assertThat(Core.volumesWanted(solo.state)).isEmpty();
        assertThat(VolumeRegions.of(new LockspaceName("ad272840423641f0a2a7774d00cb48c6")))
                .contains(VOLUME);
    }

    @Test
    void itJoinsWhenTheRegionIsSteady() {
        runs();

        assertThat(solo.lockspace(MOUNT).guard()).contains(VOLUME);
        assertThat(solo.why(MOUNT)).isEmpty();
    }

    @Test
    void aVolumeThatIsNotThereRefusesTheMountAndSaysWhy() {
        solo.uevent(Uevent.Action.ONLINE, MOUNT);
        solo.feed(new Evidence.RegionMissing(solo.nowNs, VOLUME, "no device carries it"));

        assertThat(solo.take(Mutation.Answer.class).result()).isEqualTo(-19);
        assertThat(solo.lockspace(MOUNT).reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(ReasonCode.NO_GUARD);
            assertThat(reason.detail()).isEqualTo("no device carries it");
        });
    }

    @Test
    void theNextMountIsSearchedForAnew() {
        solo.uevent(Uevent.Action.ONLINE, MOUNT);
        solo.feed(new Evidence.RegionMissing(solo.nowNs, VOLUME, "no device carries it"));
        solo.done(solo.take(Mutation.Answer.class));
        solo.uevent(Uevent.Action.REMOVE, MOUNT);
        assertThat(Core.volumesWanted(solo.state)).isEmpty();
        solo.feed(new Evidence.RegionUnneeded(solo.nowNs, VOLUME));
        assertThat(solo.state.regions()).doesNotContainKey(VOLUME);
        solo.uevent(Uevent.Action.ONLINE, MOUNT);

        assertThat(solo.open).isEmpty();
        assertThat(solo.why(MOUNT)).containsExactly(ReasonCode.REGION_STARTING);
    }

    @Test
    void itsRegionIsNotGivenUpBeforeTheLeaveIsSettled() {
        runs();
        offer();
        assertThat(isPresent()).isTrue();

        solo.uevent(Uevent.Action.OFFLINE, MOUNT);
        offer();
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
        solo.done(solo.take(Mutation.ForgetMembers.class));
        solo.done(solo.take(Mutation.Answer.class));
        offer();
        assertThat(isPresent()).isTrue();

        solo.writesReports = false;
        solo.uevent(Uevent.Action.REMOVE, MOUNT);
        assertThat(Core.volumesWanted(solo.state)).isEmpty();
        offer();
        assertThat(isPresent()).as("while the board still lists it").isTrue();

        solo.writesReports = true;
        solo.periods(2, 1);
        offer();
        assertThat(isPresent()).isFalse();
        assertThat(solo.state.mustGo()).isEmpty();
    }

    @Test
    void aMountThatComesWhileTheRegionStopsWaitsForItsReturn() {
        runs();
        leave();
        offer();
        solo.uevent(Uevent.Action.ONLINE, MOUNT);
        solo.periods(3, 1);
        assertThat(solo.why(MOUNT)).containsExactly(ReasonCode.REGION_STARTING);
        assertThat(Core.volumesWanted(solo.state)).containsExactly(VOLUME);
        solo.feed(new Evidence.RegionGone(solo.nowNs, VOLUME, "stopped"));
        assertThat(solo.state.mustGo()).isEmpty();

        solo.feed(new Evidence.RegionFound(solo.nowNs, VOLUME, false, Integer.MAX_VALUE, ""));
        solo.session(VOLUME, 1, Solo.generation(1, 2));
        solo.periods(5, 1);
        solo.done(solo.take(Mutation.Start.class));
        assertThat(solo.lockspace(MOUNT).guard()).contains(VOLUME);
    }

    private boolean isPresent() {
        return solo.state.regions().values().stream().anyMatch(r -> r.id().equals(VOLUME) && r.present());
    }

    private void offer() {
        solo.feed(new Evidence.RegionUnneeded(solo.nowNs, VOLUME));
    }

    private void runs() {
        solo.uevent(Uevent.Action.ONLINE, MOUNT);
        Solo.Disk disk = new Solo.Disk();
        solo.facts.nodes().forEach(n -> disk.slots.put(n, new SlotBlock(0, 0, Generation.NONE, 0)));
        solo.disks.put(VOLUME, disk);
        solo.feed(new Evidence.RegionFound(solo.nowNs, VOLUME, false, Integer.MAX_VALUE, ""));
        solo.session(VOLUME, 1, Solo.generation(1, 1));
        solo.periods(5, 1);
        solo.done(solo.take(Mutation.Start.class));
        solo.publish();
        solo.done(solo.take(Mutation.Answer.class));
        solo.recovered(MOUNT);
        solo.period(1);
    }

    private void leave() {
        solo.uevent(Uevent.Action.OFFLINE, MOUNT);
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
        solo.done(solo.take(Mutation.ForgetMembers.class));
        solo.done(solo.take(Mutation.Answer.class));
        solo.uevent(Uevent.Action.REMOVE, MOUNT);
        solo.periods(2, 1);
    }
}
