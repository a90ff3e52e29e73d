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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Section 10: what the next agent makes of an own block that is wiped, destroyed, or lost its newer copy. */
class LostBlockTest {

    private final Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
    private final Epoch epoch = solo.foo().epoch();
    private final Memory memory = Core.memory(solo.state);

    @Test
    void nothingIsSaidOrStartedBeforeTheOwnBlockWasRead() {
        solo.disk(R).unreadable.add(NodeNumber.of(1));
        Report before = solo.block(R, 1);
        solo.ever.clear();
        solo.start(Memory.blank(), Solo.kernel(RecallTest.born(Optional.of(Uevent.Action.ONLINE))));
        solo.periods(5, 1, 2);
        assertThat(solo.ever).isEmpty();
        assertThat(solo.block(R, 1)).isEqualTo(before);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.BOARD_UNREAD);
    }

    @Test
    void aDestroyedOwnBlockIsWrittenAgainFromTheMemoryAndWhatRunsGoesOn() {
        Report before = solo.block(R, 1);
        restartsOnADestroyedBlock(memory, Solo.found(FOO, 0xff, 1, 2));
        solo.ever.clear();
        solo.periods(3, 1, 2);
        assertThat(solo.block(R, 1).lockspaces()).isEqualTo(before.lockspaces());
        assertThat(solo.block(R, 1).floor()).isGreaterThanOrEqualTo(before.floor());
        assertThat(solo.block(R, 1).seq()).isGreaterThan(before.seq());
        assertThat(solo.ever).isEmpty();
        assertThat(solo.foo().phase()).contains(Phase.STARTED);
    }

    @Test
    void verdictsOutliveTheDestructionOfTheOwnBlock() {
        solo.periods(Solo.T + 6, 1);
        assertThat(solo.block(R, 1).evictions()).hasSize(1);
        var verdicts = solo.block(R, 1).evictions();
        restartsOnADestroyedBlock(Memory.of(Core.memory(solo.state).lasting()), Solo.found(FOO, 0xff, 1, 2));
        solo.uevent(Uevent.Action.REMOVE, FOO);
        solo.periods(2, 1);
        assertThat(solo.block(R, 1).evictions()).isEqualTo(verdicts);
    }

    @Test
    void aReleaseInTheKernelIsNotTakenForARunWhenItsReportIsDestroyed() {
        solo.uevent(Uevent.Action.OFFLINE, FOO);
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
        restartsOnADestroyedBlock(Core.memory(solo.state), Solo.found(FOO, 0));
        solo.periods(3, 1, 2);
        assertThat(solo.block(R, 1).lockspace(FOO).orElseThrow().phase()).isEqualTo(Phase.LEAVING);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
    }

    @Test
    void aBlockThatIsMisreadOnceIsNotTakenForDestroyed() {
        Report before = solo.block(R, 1);
        solo.disk(R).unreadable.add(NodeNumber.of(1));
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.periods(2, 1, 2);
        assertThat(solo.block(R, 1)).isEqualTo(before);
        solo.disk(R).unreadable.clear();
        solo.periods(2, 1, 2);
        assertThat(solo.foo().phase()).contains(Phase.STARTED);
    }

    @Test
    void nothingIsSaidThatPeersCouldTakeForAReleaseOfWhatTheKernelRuns() {
        solo.disk(R).board.remove(NodeNumber.of(1)); // formatted anew
        solo.start(Memory.blank(), Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.periods(2, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(2, 1, 2);
        assertThat(solo.disk(R).board).doesNotContainKey(NodeNumber.of(1));
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.UNCONTROLLED);
    }

    @Test
    void reportsInAWipedBlockAreNumberedOnSoThatPeersTakeThemForNews() {
        Report before = solo.block(R, 1);
        Memory lasting = Memory.of(Core.memory(solo.state).lasting());
        solo.disk(R).board.remove(NodeNumber.of(1));
        solo.start(lasting, KernelSnapshot.empty());
        solo.periods(3, 1, 2);
        assertThat(solo.block(R, 1).seq()).isGreaterThan(before.seq());
    }

    @Test
    void reportsInABlockThatLostItsNewerCopyAreNumberedOnToo() {
        Report newer = solo.block(R, 1);
        Memory lasting = Memory.of(Core.memory(solo.state).lasting());
        solo.writes(newer.withSeq(1));
        solo.start(lasting, KernelSnapshot.empty());
        solo.periods(3, 1, 2);
        assertThat(solo.block(R, 1).seq()).isGreaterThan(newer.seq());
    }

    @Test
    void reportsInABlockThatWasWipedWhileItsRegionWasAwayAreNumberedOnToo() {
        solo.uevent(Uevent.Action.OFFLINE, FOO);
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
        long readByPeers = solo.block(R, 1).seq(); // not by this node
        solo.feed(new Evidence.RegionGone(solo.nowNs, R, "gone"));
        solo.disk(R).board.remove(NodeNumber.of(1));
        solo.feed(new Evidence.RegionFound(solo.nowNs, R, true, ""));
        solo.tick(1);
        solo.read();
        assertThat(solo.state.lastOwnSeq(R)).isGreaterThanOrEqualTo(readByPeers); // the next goes by more
    }

    @Test
    void whatOnlyTheNewerCopyThatIsLostListedIsNotReportedAsReleased() {
        Report newer = solo.block(R, 1);
        solo.writes(listing(newer, 1, List.of()));
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.periods(3, 1, 2);
        assertThat(solo.foo().uncontrolled()).isFalse();
        assertThat(solo.block(R, 1).lockspace(FOO)).isEqualTo(newer.lockspace(FOO));
    }

    @Test
    void whatRanByAnotherRegionIsNotTakenUpByTheOneThatGuardsItNow() {
        LockspaceName baz = new LockspaceName("baz");
        Solo before = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(baz, R, 2);
        Solo now = new Solo(2, S).alive().peer(S, 2, 1, 1);
        now.start(Core.memory(before.state), Solo.kernel(Solo.found(baz, 0xff, 1, 2), 2));
        now.periods(2, 1, 2);
        assertThat(now.why(baz)).containsExactly(ReasonCode.REGION_STARTING);
        assertThat(now.open).isEmpty();
        now.periods(30, 1, 2);
        assertThat(now.state.mustGo()).isPresent();
        now.done(now.take(Mutation.Stop.class));
        assertThat(now.ever).noneMatch(Mutation.Start.class::isInstance);
    }

    @Test
    void whatIsListedNowhereIsTakenUpWhenTheLastBoardThatWasToBeReadTurnsOutToBeNone() {
        Solo two = new Solo(2, R, S).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        Memory left = Core.memory(two.state);
        Report newer = two.block(R, 1);
        two.writes(listing(newer, 1, List.of()));
        two.start(left, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        two.scan(R);
        two.read(R);
        two.publish();
        assertThat(two.block(R, 1).seq()).isEqualTo(1); // says nothing that would be taken for a release
        two.feed(new Evidence.RegionFound(two.nowNs, S, false, "no board"));
        two.periods(3, 1, 2);
        assertThat(two.block(R, 1).lockspace(FOO)).isEqualTo(newer.lockspace(FOO));
    }

    @Test
    void whatRunsThoughItsOwnReportOnlyAsksToJoinIsStoppedBeforeItIsSaid() {
        Report before = solo.block(R, 1);
        LockspaceEntry started = before.lockspace(FOO).orElseThrow();
        solo.writes(listing(
                before,
                1,
                List.of(new LockspaceEntry(
                        FOO, started.join(), Phase.JOINING, Epoch.NONE, View.EMPTY.digest(), View.EMPTY.nodes()))));
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.periods(3, 1, 2);
        assertThat(solo.foo().epoch()).isEqualTo(Epoch.NONE);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(3, 1, 2);
        assertThat(solo.foo().epoch()).isGreaterThan(epoch);
    }

    @Test
    void whatAnotherBoardListsOfAnEarlierOneOfThatNameIsNotTakenUp() {
        Solo two = new Solo(2, R, S).alive().peer(R, 2, 1, 1).peer(S, 2, 1, 1).runs(FOO, R, 2);
        Memory left = Core.memory(two.state);
        Report byOther = two.block(S, 1);
        two.writes(listing(byOther, byOther.seq(), two.block(R, 1).lockspaces()));
        two.start(left, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        two.read(S);
        two.periods(3, 1, 2);
        assertThat(two.foo().guard()).contains(R);
    }

    @Test
    void whoseMembersNobodyKnewIsNoLockspaceWithoutMembersToTheNextAgent() {
        solo.disk(R).board.remove(NodeNumber.of(2)); // the view cannot be put together again
        solo.start(Memory.of(memory.lasting()), Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.periods(2, 1);
        assertThat(solo.foo().uncontrolled()).isTrue();
        solo.start(Core.memory(solo.state), Solo.kernel(Solo.found(FOO, 0, 1, 2), 2));
        solo.periods(2, 1);
        assertThat(solo.foo().uncontrolled()).isTrue();
    }

    @Test
    void anAgentThatEndsBeforeItReadTheBoardsLeavesWhatItWasLeft() {
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0xff, 1), 2)); // killed while it changed the members
        assertThat(Core.memory(solo.state).lockspaces()).isEqualTo(memory.lockspaces());
    }

    @Test
    void aNodeWhoseRegionWentBeforeItsBoardWasReadAgainGoes() {
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.feed(new Evidence.RegionGone(solo.nowNs, R, "gone"));
        assertThat(solo.state.mustGo())
                .hasValueSatisfying(why -> assertThat(why).contains("taken away"));
        solo.done(solo.take(Mutation.Stop.class));
    }

    @Test
    void aFormerMemberWhoseBlockWasWipedIsNotTakenForReleased() {
        solo.disk(R).board.remove(NodeNumber.of(2));
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.periods(Solo.T + 6, 1);
        solo.done(solo.take(Mutation.Stop.class));
        solo.ever.clear();
        solo.periods(3, 1);
        assertThat(solo.why(FOO)).contains(ReasonCode.UNSETTLED);
        assertThat(solo.ever).isEmpty();
        solo.session(R, 2, Solo.generation(2, 2));
        solo.says(R, 2, 2, 2); // its next boot
        solo.periods(3, 1, 2);
        solo.done(solo.take(Mutation.RemoveComm.class));
        solo.periods(2, 1, 2);
        solo.take(Mutation.Start.class);
    }

    private void restartsOnADestroyedBlock(Memory remembered, KernelLockspace found) {
        solo.disk(R).unreadable.add(NodeNumber.of(1));
        solo.start(remembered, Solo.kernel(found, 2));
        solo.periods(3, 1, 2);
        solo.disk(R).unreadable.clear(); // by our own write
    }

    private static Report listing(Report before, long seq, List<LockspaceEntry> entries) {
        return new Report(
                before.region(),
                before.node(),
                before.boot(),
                before.generation(),
                seq,
                before.settings(),
                false,
                before.floor(),
                before.evictions(),
                entries);
    }
}
