// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.uevent.Uevent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochsTest {

    private final Solo solo = new Solo(3, R).alive().peer(R, 2, 1, 1).peer(R, 3, 1, 1);

    @Test
    void theEpochOfALeaverIsFollowedByAnUnusedOne() {
        leaves(3, 2);
        joins();
        assertThat(solo.foo().epoch()).isEqualTo(new Epoch(3));
    }

    @Test
    void anEpochThatSomebodyHadAndDroppedIsNotAdopted() {
        drops(2, 5);
        starts(3, 5);
        joins();
        assertThat(solo.foo().epoch()).isEqualTo(new Epoch(6));
    }

    @Test
    void theHigherEpochOfAMemberIsAdopted() {
        drops(2, 4);
        starts(3, 5);
        joins();
        assertThat(solo.foo().epoch()).isEqualTo(new Epoch(5));
    }

    /** Else two nodes open one epoch after another for as long as a third follows them that neither counts in. */
    @Test
    void whoFollowsAnEpochFromOutsideAndWaitsForThisNodeDoesNotKeepItFromBeingAdopted() {
        followsFromOutside(2, 5, 1, 2, 3);
        starts(3, 5);
        joins();
        assertThat(solo.foo().view().nodes()).hasToString("[1, 3]");
        assertThat(solo.foo().epoch()).isEqualTo(new Epoch(5));
    }

    @Test
    void whoFollowsAnEpochFromOutsideWithoutThisNodeMayHaveStartedIt() {
        followsFromOutside(2, 5, 2, 3);
        starts(3, 5);
        joins();
        assertThat(solo.foo().epoch()).isEqualTo(new Epoch(6));
    }

    @Test
    void whoIsFurtherOutsideMayHaveStartedThisEpochBefore() {
        followsFromOutside(2, 6, 1, 2, 3);
        starts(3, 5);
        joins();
        assertThat(solo.foo().epoch()).isEqualTo(new Epoch(7));
    }

    /** What rule 2 looked at was old: the path showed what was there before. */
    @Test
    void anEpochThatALifeOutsideMayHaveStartedMeanwhileIsNotStarted() {
        opensTheFirst();
        drops(2, 1);
        solo.periods(4, 1, 2, 3);
        assertThat(solo.take(Mutation.Start.class).epoch()).isEqualTo(new Epoch(2));
    }

    @Test
    void whatAMemberDroppedElsewhereDoesNotUseUpTheEpochThatItShows() {
        opensTheFirst();
        View both = View.of(List.of(solo.foo().view().member(NodeNumber.of(1)).orElseThrow(), Solo.member(2, 1, 1, 1)));
        solo.says(R, 2, 1, 1, Solo.entry(FOO, 1, Phase.STOPPED, new Epoch(2), both));
        solo.periods(1, 1, 2, 3);
        assertThat(solo.foo().view()).isEqualTo(both);
        solo.done(solo.take(Mutation.AddComm.class));
        dropsAnother(2, 40);
        solo.periods(2, 1, 2, 3);
        assertThat(solo.take(Mutation.Start.class).epoch()).isEqualTo(new Epoch(2));
    }

    @Test
    void whatWasStoppedForAnEpochThatIsGoneStartsAgainUnderANewOne() {
        joins();
        solo.periods(2, 1, 2, 3);
        solo.done(solo.take(Mutation.Start.class));
        solo.publish();
        solo.done(solo.take(Mutation.Answer.class));
        solo.recovered(FOO);
        leaves(2, 7);
        solo.period(1, 2, 3);
        drops(2, 7);
        solo.period(1, 2, 3);
        solo.done(solo.take(Mutation.Stop.class));
        assertThat(solo.foo().phase()).contains(Phase.STOPPED);
        assertThat(solo.foo().epoch()).isEqualTo(new Epoch(8));
    }

    @Test
    void theEpochsOfADeadNodeOutliveItsBlock() {
        Solo two = new Solo(2, R).alive().peer(R, 2, 1, 1);
        View own = View.of(List.of(Solo.member(2, 1, 1, 1)));
        two.says(R, 2, 1, 1, Solo.entry(FOO, 1, Phase.STARTED, new Epoch(7), own));
        two.periods(Solo.T + 2, 1);
        assertThat(two.block(R, 1).floor()).isEqualTo(Epoch.NONE);
        two.disk(R).board.remove(NodeNumber.of(2));
        two.periods(2, 1);
        assertThat(two.block(R, 1).floor()).isEqualTo(new Epoch(7));
    }

    private void opensTheFirst() {
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.publish();
        solo.tick(1);
        solo.read();
        assertThat(solo.foo().phase()).contains(Phase.STOPPED);
        assertThat(solo.foo().epoch()).isEqualTo(new Epoch(1));
    }

    private void joins() {
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.periods(2, 1, 2, 3);
        assertThat(solo.foo().phase()).contains(Phase.STOPPED);
    }

    private void starts(int node, long epoch) {
        View alone = View.of(List.of(Solo.member(node, 1, 1, 1)));
        solo.says(R, node, 1, 1, Solo.entry(FOO, 1, Phase.STARTED, new Epoch(epoch), alone));
    }

    /** Reports under a heartbeat session that its slot does not show. */
    private void followsFromOutside(int node, long epoch, int... members) {
        View view = View.of(Arrays.stream(members)
                .mapToObj(member -> Solo.member(member, 1, 1, 1))
                .toList());
        solo.says(R, node, 1, 2, Solo.entry(FOO, 1, Phase.STOPPED, new Epoch(epoch), view));
    }

    private void leaves(int node, long epoch) {
        View alone = View.of(List.of(Solo.member(node, 1, 1, 1)));
        LockspaceEntry entry = Solo.entry(FOO, 1, Phase.LEAVING, new Epoch(epoch), alone);
        solo.says(R, node, 1, 1, entry);
    }

    private void drops(int node, long epoch) {
        solo.says(R, node, 1, 1);
        dropsAnother(node, epoch);
    }

    private void dropsAnother(int node, long epoch) {
        Report said = solo.block(R, node);
        solo.writes(new Report(
                said.region(),
                said.node(),
                said.boot(),
                said.generation(),
                said.seq() + 1,
                said.settings(),
                false,
                new Epoch(epoch),
                List.of(),
                said.lockspaces()));
    }
}
