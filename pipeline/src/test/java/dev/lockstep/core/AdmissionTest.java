// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Phase;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.uevent.Uevent;
import java.util.Collection;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a create waits for before this node asks to be taken in. */
class AdmissionTest {
    private static final LockspaceName LVM = new LockspaceName("lvm_global");

    /** Those that run would stop for it, and nobody could start again. */
    @Test
    void nobodyJoinsWhileABlockCannotBeRead() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1);
        solo.disk(R).unreadable.add(NodeNumber.of(2));
        solo.periods(1, 1, 2);
        solo.uevent(Uevent.Action.ONLINE, FOO);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.BOARD_UNREAD);
        assertThat(solo.foo().phase()).isEmpty();
        solo.disk(R).unreadable.clear();
        solo.periods(1, 1, 2);
        assertThat(solo.foo().phase()).isPresent();
    }

    @Test
    void aCreateWaitsForTheRegionOfTheSettingsThatIsNotFoundYet() {
        Solo solo = startedWithoutRegions();
        solo.uevent(Uevent.Action.ONLINE, LVM);
        assertThat(solo.why(LVM)).containsExactly(ReasonCode.REGION_STARTING);
        assertThat(solo.open).isEmpty();
        solo.feed(new Evidence.RegionFound(solo.nowNs, R, true, ""));
        solo.alive();
        assertThat(solo.lockspace(LVM).phase()).contains(Phase.STOPPED);
        assertThat(solo.lockspace(LVM).guard()).contains(R);
    }

    /** While it waits nothing else on this node can be mounted or unmounted. */
    @Test
    void aCreateDoesNotWaitForEverForARegionOfTheSettings() {
        Solo solo = startedWithoutRegions();
        solo.uevent(Uevent.Action.ONLINE, LVM);
        solo.tick(60_001);
        assertThat(solo.take(Mutation.Answer.class).result()).isEqualTo(-19);
        assertThat(solo.why(LVM)).containsExactly(ReasonCode.NO_GUARD);
    }

    @Test
    void aCreateThatNoneOfTwoRegionsInTheSettingsWouldGuardIsRefusedAtOnce() {
        Solo solo = new Solo(1, R, Solo.S);
        ClusterFacts one = solo.facts;
        ClusterFacts two = new ClusterFacts(
                one.self(),
                one.boot(),
                one.nodes(),
                one.nodeidOffset(),
                one.deadThreshold(),
                one.periodNs(),
                one.marginNs(),
                one.settings(),
                new Guards(one.guards().rules(), 2),
                one.fencing());
        solo.state = Core.initial(two);
        solo.feed(new Evidence.RegionFound(solo.nowNs, R, true, ""));
        solo.feed(new Evidence.Started(solo.nowNs, Memory.blank(), KernelSnapshot.empty()));
        solo.uevent(Uevent.Action.ONLINE, LVM);
        assertThat(solo.take(Mutation.Answer.class).result()).isEqualTo(-19);
    }

    /** Which regions the kernel beats in besides is another matter on each node. */
    @Test
    void aRegionThatTheSettingsDoNotNameIsNotTakenForTheOneThatIsMissing() {
        Solo solo = new Solo(1, R);
        solo.state = Core.initial(solo.facts);
        solo.feed(new Evidence.RegionFound(solo.nowNs, R, false, Integer.MAX_VALUE, ""));
        solo.feed(new Evidence.Started(solo.nowNs, Memory.blank(), KernelSnapshot.empty()));
        solo.alive();
        solo.uevent(Uevent.Action.ONLINE, LVM);
        solo.periods(2, 1);
        assertThat(solo.why(LVM)).containsExactly(ReasonCode.REGION_STARTING);
        assertThat(solo.lockspace(LVM).phase()).isEmpty();
    }

    @Test
    void aCreateDoesNotWaitForEverForARegionThatWent() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1);
        solo.feed(new Evidence.RegionGone(solo.nowNs, R, "device taken away"));
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.tick(59_000);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.REGION_STARTING);
        assertThat(solo.open).isEmpty();
        solo.tick(1_001);
        assertThat(solo.take(Mutation.Answer.class).result()).isEqualTo(-19);
    }

    @Test
    void aCreateDoesNotWaitForEverForARegionThatWentBeforeItsBoardWasRead() {
        Solo solo = new Solo(2, R);
        solo.feed(new Evidence.RegionGone(solo.nowNs, R, "device taken away"));
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.tick(59_000);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.REGION_STARTING);
        solo.tick(1_001);
        assertThat(solo.take(Mutation.Answer.class).result()).isEqualTo(-19);
    }

    /** It never ran, so it holds nothing: a report that does not list it settles it (rule 7). */
    @Test
    void whatWasLetInByARegionThatWentIsRefusedInTheEndAndLeavesTheBoard() {
        Solo solo = letIn();
        solo.tick(300_000); // longer than any wait for a region
        solo.feed(new Evidence.RegionGone(solo.nowNs, R, "device taken away"));
        Epoch epoch = solo.foo().epoch();
        solo.tick(59_000);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.REGION_STARTING);
        assertThat(solo.open(Mutation.Answer.class)).isEmpty();
        solo.tick(1_001);
        Mutation.Answer answer = solo.take(Mutation.Answer.class);
        assertThat(answer.result()).isEqualTo(-19);
        solo.done(answer);
        assertThat(solo.foo().phase()).isEmpty();
        assertThat(leftBehind(solo)).containsExactly(FOO);

        solo.feed(new Evidence.RegionFound(solo.nowNs, R, true, ""));
        solo.periods(3, 1, 2);
        assertThat(solo.block(R, 1).lockspace(FOO)).isEmpty();
        assertThat(leftBehind(solo)).isEmpty();
        assertThat(solo.block(R, 1).floor()).isEqualTo(epoch);
        solo.uevent(Uevent.Action.REMOVE, FOO);
        assertThat(solo.state.lockspaces()).isEmpty();
        assertThat(solo.state.mustGo()).isEmpty();
    }

    @Test
    void whatWasLetInDoesNotStartByARegionThatWentAndGoesOnWhenItReturns() {
        Solo solo = letIn();
        solo.feed(new Evidence.RegionGone(solo.nowNs, R, "device taken away"));
        solo.follow(FOO, R, Phase.STOPPED, 2);
        solo.tick(30_000);
        solo.done(solo.take(Mutation.AddComm.class));
        assertThat(solo.open).isEmpty();
        solo.feed(new Evidence.RegionFound(solo.nowNs, R, true, ""));
        solo.periods(4, 1, 2);
        solo.agree(FOO, R, 2);
        assertThat(solo.foo().phase()).contains(Phase.STARTED);
    }

    private static Collection<LockspaceName> leftBehind(Solo solo) {
        return Objects.requireNonNull(solo.state.regions().get(R)).leftBehind(solo.state);
    }

    /** foo is on the board here and at the peer, and the comm is not made yet. */
    private static Solo letIn() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1);
        solo.says(R, 2, 1, 1, Solo.joining(FOO, 1));
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.periods(3, 1, 2);
        assertThat(solo.foo().phase()).contains(Phase.STOPPED);
        return solo;
    }

    @Test
    void aReleaseDoesNotWaitForARegion() {
        Solo solo = startedWithoutRegions();
        solo.uevent(Uevent.Action.OFFLINE, LVM);
        solo.done(solo.take(Mutation.ForgetMembers.class));
        assertThat(solo.take(Mutation.Answer.class).question()).isEqualTo(Uevent.Action.OFFLINE);
    }

    private static Solo startedWithoutRegions() {
        Solo solo = new Solo(1, R);
        solo.state = Core.initial(solo.facts);
        solo.feed(new Evidence.Started(solo.nowNs, Memory.blank(), KernelSnapshot.empty()));
        return solo;
    }
}
