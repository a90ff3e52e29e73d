// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static dev.lockstep.core.Solo.S;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.uevent.Uevent;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Section 10: what the next agent makes of what it finds. */
class RecallTest {

    private final Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
    private final View view = solo.foo().view();
    private final Epoch epoch = solo.foo().epoch();
    private final Memory memory = Core.memory(solo.state);

    @Test
    void whatRunsAsReportedIsAdoptedAsItIs() {
        solo.ever.clear();
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.periods(5, 1, 2);
        assertThat(solo.ever).isEmpty();
        assertThat(solo.foo().phase()).contains(Phase.STARTED);
        assertThat(solo.foo().epoch()).isEqualTo(epoch);
        assertThat(solo.foo().view()).isEqualTo(view);
        assertThat(solo.foo().reasons()).isEmpty();
    }

    @Test
    void theMembersOfTheLastViewLiveOnUntilASampleSaysOtherwise() {
        solo.ever.clear();
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.periods(Solo.T, 1); // node 2 died meanwhile, but that has to be seen first
        assertThat(solo.ever).isEmpty();
        solo.periods(6, 1);
        solo.take(Mutation.Stop.class);
    }

    @Test
    void aRecoveryThatHadNotEndedIsWaitedForByName() {
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0x1, 1, 2), 2));
        solo.periods(2, 1, 2);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.RECOVERY_RUNNING);
        solo.recovered(FOO);
        assertThat(solo.foo().reasons()).isEmpty();
    }

    @Test
    void aRecoveryThatHadNotEndedIsNamedAlsoBeforeEveryBlockWasRead() {
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0x1, 1, 2), 2));
        solo.disk(R).unreadable.add(NodeNumber.of(2));
        solo.periods(2, 1, 2);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.RECOVERY_RUNNING);
    }

    @Test
    void aStoppedKernelOpensANewEpoch() {
        opensANewEpoch(memory, Solo.found(FOO, 0, 1, 2));
    }

    @Test
    void otherMembersInConfigfsOpenANewEpoch() {
        opensANewEpoch(memory, Solo.found(FOO, 0xff, 1));
    }

    @Test
    void whatWaitedForItsGuardAndIsOnNoBoardWhenItComesIsTakenUpFromTheMemory() {
        startsWithoutRegion();
        solo.disk(R).board.remove(NodeNumber.of(1)); // wiped
        solo.feed(new Evidence.RegionFound(solo.nowNs, R, true, ""));
        goesOn(solo);
    }

    @Test
    void whatWaitedForItsGuardIsTakenUpWhenItComesAndItsBoardListsIt() {
        startsWithoutRegion();
        solo.feed(new Evidence.RegionFound(solo.nowNs, R, true, ""));
        goesOn(solo);
    }

    @Test
    void whatRunsIsTakenUpWhenItsGuardComesAfterAnotherRegionWasRead() {
        Solo two = new Solo(2, R, S).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        Memory left = Core.memory(two.state);
        two.state = Core.initial(two.facts);
        two.feed(new Evidence.RegionFound(two.nowNs, S, true, ""));
        two.feed(new Evidence.Started(two.nowNs, left, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2)));
        two.scan(S);
        two.read(S);
        assertThat(two.why(FOO)).containsExactly(ReasonCode.REGION_STARTING);
        two.feed(new Evidence.RegionFound(two.nowNs, R, true, ""));
        goesOn(two);
    }

    /** Its device did not answer when the agent started: no board is known, and that the settings name it is not. */
    @Test
    void whatRunsByARegionWhoseBoardIsNotFoundYetGoesOn() {
        LockspaceName lvm = new LockspaceName("lvm_global");
        Solo two = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(lvm, R, 2);
        Memory left = Core.memory(two.state);
        two.state = Core.initial(two.facts);
        two.feed(new Evidence.RegionFound(two.nowNs, R, false, 0, "does not answer"));
        two.feed(new Evidence.Started(two.nowNs, left, Solo.kernel(Solo.found(lvm, 0xff, 1, 2), 2)));
        two.periods(3, 1, 2);
        assertThat(two.open).isEmpty();
        two.feed(new Evidence.RegionFound(two.nowNs, R, true, ""));
        two.periods(4, 1, 2);
        assertThat(two.lockspace(lvm).phase()).contains(Phase.STARTED);
        assertThat(two.open).isEmpty();
    }

    private void startsWithoutRegion() {
        startsWithoutRegion(memory);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.REGION_STARTING);
        assertThat(solo.open).isEmpty();
    }

    private void startsWithoutRegion(Memory left) {
        solo.state = Core.initial(solo.facts);
        solo.feed(new Evidence.Started(solo.nowNs, left, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2)));
    }

    /** Never stopped, and on the board. */
    private static void goesOn(Solo node) {
        node.periods(50, 1, 2);
        assertThat(node.open).isEmpty();
        assertThat(node.foo().phase()).contains(Phase.STARTED);
        assertThat(node.block(R, 1).lockspace(FOO).orElseThrow().phase()).isEqualTo(Phase.STARTED);
        assertThat(node.state.mustGo()).isEmpty();
    }

    @Test
    void aStopUnderUnknownMembersForgetsNotWhomTheKernelKnows() {
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0xff, 1), 2));
        solo.periods(4, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        assertThat(solo.foo().kernel().processed()).isEqualTo(view);
    }

    @Test
    void aMemberInWhosePlaceAnotherBootReportedWhileNoAgentRanLosesItsCommFirst() {
        Solo two = new Solo(2, R, S).alive().peer(R, 2, 1, 1).peer(S, 2, 1, 1).runs(FOO, R, 2);
        Memory left = Core.memory(two.state);
        two.says(R, 2, 2, 2); // and is gone again before it reports in the other region
        two.start(left, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        two.periods(2, 1);
        two.done(two.take(Mutation.Stop.class));
        two.periods(2, 1);
        two.done(two.take(Mutation.RemoveComm.class));
        two.periods(2, 1);
        assertThat(two.take(Mutation.Start.class).view().nodes()).containsExactly(NodeNumber.of(1));
    }

    @Test
    void aStopThatWasReportedIsNotResumed() {
        stopsFor(epoch.next());
        assertThat(solo.block(R, 1).lockspace(FOO).orElseThrow().phase()).isEqualTo(Phase.STOPPED);
        Epoch reported = solo.foo().epoch();
        solo.start(Core.memory(solo.state), Solo.kernel(Solo.found(FOO, 0, 1, 2), 2));
        solo.periods(4, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(2, 1, 2);
        assertThat(solo.foo().epoch()).isGreaterThan(reported);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
    }

    @Test
    void aJoinThatWasReportedGoesOn() {
        Solo alone = new Solo(2, R).alive();
        alone.disk(R).unreadable.add(NodeNumber.of(2));
        alone.uevent(Uevent.Action.ONLINE, FOO);
        alone.period(1);
        alone.disk(R).unreadable.clear();
        alone.start(Core.memory(alone.state), Solo.kernel(born(Optional.of(Uevent.Action.ONLINE))));
        alone.periods(5, 1);
        alone.done(alone.take(Mutation.Start.class));
        alone.publish();
        assertThat(alone.take(Mutation.Answer.class).result()).isZero();
    }

    @Test
    void whatWasCreatedAnewJoinsUnderAnotherJoinNumberWhateverItsPredecessorReported() {
        Solo two = new Solo(2, R).alive().peer(R, 2, 1, 1);
        two.says(R, 2, 1, 1, Solo.joining(FOO, 2));
        two.uevent(Uevent.Action.ONLINE, FOO);
        two.periods(4, 1, 2);
        LockspaceEntry before = two.block(R, 1).lockspace(FOO).orElseThrow();
        assertThat(before.phase()).isEqualTo(Phase.STOPPED);
        two.start(Core.memory(two.state), Solo.kernel(born(Optional.of(Uevent.Action.ONLINE))));
        two.periods(4, 1, 2);
        LockspaceEntry after = two.block(R, 1).lockspace(FOO).orElseThrow();
        assertThat(after.phase()).isEqualTo(Phase.STOPPED);
        assertThat(after.epoch()).isGreaterThan(before.epoch());
        assertThat(after.join()).isGreaterThan(before.join());
    }

    @Test
    void anOnlineThatNobodyReportedIsTakenUp() {
        Solo alone = new Solo(2, R).alive();
        alone.start(Memory.blank(), Solo.kernel(born(Optional.of(Uevent.Action.ONLINE))));
        alone.periods(5, 1);
        alone.take(Mutation.Start.class);
    }

    @Test
    void aReleaseThatNobodyAnsweredIsTakenUp() {
        KernelLockspace asks = asking(Solo.found(FOO, 0xff, 1, 2), Uevent.Action.OFFLINE);
        solo.start(memory, Solo.kernel(asks, 2));
        solo.periods(2, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
        assertThat(solo.block(R, 1).lockspace(FOO).orElseThrow().phase()).isEqualTo(Phase.LEAVING);
        solo.done(solo.take(Mutation.ForgetMembers.class));
        solo.done(solo.take(Mutation.Answer.class));
    }

    @Test
    void aLeaveThatWasReportedIsFinished() {
        leaves();
        KernelLockspace asks = asking(Solo.found(FOO, 0), Uevent.Action.OFFLINE);
        solo.start(Core.memory(solo.state), Solo.kernel(asks, 2));
        solo.periods(2, 1, 2);
        solo.open(Mutation.Stop.class).ifPresent(solo::done);
        solo.publish();
        solo.done(solo.take(Mutation.ForgetMembers.class));
        solo.done(solo.take(Mutation.Answer.class));
        solo.uevent(Uevent.Action.REMOVE, FOO);
        solo.periods(1, 1, 2);
        assertThat(solo.block(R, 1).lockspaces()).isEmpty();
        assertThat(solo.block(R, 1).floor()).isGreaterThan(epoch);
    }

    @Test
    void aLeaveThatWasAnsweredIsNotAnsweredAgain() {
        leaves();
        solo.ever.clear();
        solo.start(Core.memory(solo.state), Solo.kernel(Solo.found(FOO, 0), 2));
        solo.periods(3, 1, 2);
        assertThat(solo.ever).isEmpty();
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.RELEASE_RUNNING);
    }

    @Test
    void aReleaseThatWasAnsweredForWantOfAGuardIsNotUndoneWhenTheGuardComesBack() {
        Memory left = releasesWithoutRegion();
        solo.ever.clear();
        solo.start(left, Solo.kernel(Solo.found(FOO, 0), 2));
        solo.periods(4, 1, 2);
        assertThat(solo.block(R, 1).lockspace(FOO).orElseThrow().phase()).isEqualTo(Phase.LEAVING);
        assertThat(solo.block(R, 1).lockspace(FOO).orElseThrow().epoch()).isGreaterThan(epoch);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.RELEASE_RUNNING);
        assertThat(solo.ever).isEmpty();
    }

    @Test
    void aReleaseThatWasAnsweredForWantOfAGuardAndIsOnNoBoardIsWaitedForAndKeepsNobodyWaiting() {
        Memory left = releasesWithoutRegion();
        solo.ever.clear();
        solo.disk(R).board.remove(NodeNumber.of(1)); // wiped
        solo.start(left, Solo.kernel(Solo.found(FOO, 0), 2));
        solo.periods(4, 1, 2);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.RELEASE_RUNNING);
        assertThat(solo.block(R, 1).lockspaces()).isEmpty();
        assertThat(solo.block(R, 1).floor()).isGreaterThanOrEqualTo(epoch);
        assertThat(solo.ever).isEmpty();
    }

    /** Nobody had noted yet what it ran by. */
    private Memory releasesWithoutRegion() {
        Memory.OfLockspace foo = Objects.requireNonNull(memory.lockspaces().get(FOO));
        startsWithoutRegion(new Memory(
                memory.lasting(),
                false,
                memory.comms(),
                new TreeMap<>(Map.of(
                        FOO,
                        new Memory.OfLockspace(
                                Optional.empty(),
                                foo.view(),
                                foo.epoch(),
                                foo.processed(),
                                foo.unanswered(),
                                foo.leaving())))));
        solo.done(solo.take(Mutation.Stop.class));
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.NO_GUARD);
        solo.uevent(Uevent.Action.OFFLINE, FOO);
        solo.done(solo.take(Mutation.ForgetMembers.class));
        solo.done(solo.take(Mutation.Answer.class));
        return Core.memory(solo.state);
    }

    @Test
    void whatTheKernelReleasedMeanwhileLeavesItsEpochInTheFloor() {
        solo.start(memory, KernelSnapshot.empty());
        solo.periods(5, 1, 2);
        Report own = solo.block(R, 1);
        assertThat(own.lockspaces()).isEmpty();
        assertThat(own.floor()).isGreaterThanOrEqualTo(epoch);
    }

    @Test
    void anotherBootsEntriesLeaveTheirEpochInTheFloor() {
        Report before = solo.block(R, 1);
        solo.writes(new Report(
                R,
                before.node(),
                Solo.boot(1, 7),
                Solo.generation(1, 7),
                before.seq() + 1,
                before.settings(),
                false,
                before.floor(),
                before.evictions(),
                before.lockspaces()));
        solo.start(Memory.blank(), KernelSnapshot.empty());
        solo.periods(4, 1, 2);
        assertThat(solo.block(R, 1).boot()).isEqualTo(Solo.boot(1, 1));
        assertThat(solo.block(R, 1).floor()).isGreaterThanOrEqualTo(epoch);
        assertThat(solo.block(R, 1).seq()).isGreaterThan(before.seq() + 1);
    }

    @Test
    void whatNobodyKnowsIsStoppedAndKeptSo() {
        Solo alone = new Solo(2, R).alive();
        alone.start(Memory.blank(), Solo.kernel(Solo.found(FOO, 0xff, 1, 2)));
        alone.periods(2, 1);
        alone.done(alone.take(Mutation.Stop.class));
        alone.periods(3, 1);
        assertThat(alone.open).isEmpty();
        assertThat(alone.why(FOO)).containsExactly(ReasonCode.UNCONTROLLED);
        alone.uevent(Uevent.Action.OFFLINE, FOO);
        alone.done(alone.take(Mutation.ForgetMembers.class));
        alone.done(alone.take(Mutation.Answer.class));
        alone.uevent(Uevent.Action.OFFLINE, FOO);
        assertThat(alone.open).isEmpty();
    }

    @Test
    void whoMustGoStillMustAfterAnAgentRestart() {
        solo.start(
                new Memory(memory.lasting(), true, memory.comms(), memory.lockspaces()),
                Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.periods(2, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.MUST_GO);
    }

    private void opensANewEpoch(Memory remembered, KernelLockspace found) {
        solo.start(remembered, Solo.kernel(found, 2));
        solo.periods(2, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(4, 1, 2);
        assertThat(solo.foo().phase()).contains(Phase.STOPPED);
        assertThat(solo.foo().epoch()).isGreaterThan(epoch);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
    }

    private void stopsFor(Epoch higher) {
        solo.says(R, 2, 1, 1, Solo.entry(FOO, 1, Phase.STOPPED, higher, view));
        solo.period(1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
    }

    private void leaves() {
        solo.uevent(Uevent.Action.OFFLINE, FOO);
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
    }

    static KernelLockspace born(Optional<Uevent.Action> unanswered) {
        return new KernelLockspace(FOO, 0, 0, 0, new TreeSet<>(), unanswered);
    }

    private static KernelLockspace asking(KernelLockspace found, Uevent.Action question) {
        return new KernelLockspace(
                found.name(), found.globalId(), found.recoverStatus(), 0, found.members(), Optional.of(question));
    }
}
