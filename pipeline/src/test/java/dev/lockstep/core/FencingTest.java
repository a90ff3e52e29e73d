// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.FenceAttempt;
import dev.lockstep.board.FenceAttempt.Status;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Section 8, fence = command. */
class FencingTest {

    private static final NodeNumber TWO = NodeNumber.of(2);
    private static final NodeNumber THREE = NodeNumber.of(3);
    private static final int TURN_PERIODS = 33;

    private static Solo two() {
        return new Solo(FenceMode.COMMAND, 2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
    }

    private static Solo three() {
        return new Solo(FenceMode.COMMAND, 3, R)
                .alive()
                .peer(R, 2, 1, 1)
                .peer(R, 3, 1, 1)
                .runs(FOO, R, 2, 3);
    }

    /** Node 2 falls silent, node 1 has stopped, and its command has begun. */
    private static Mutation.FenceNode silence(Solo solo) {
        solo.periods(Solo.T + 2, 1);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(2, 1);
        return solo.take(Mutation.FenceNode.class);
    }

    @Test
    void aTimeoutIsNoProofAndLeadsToTheCommandWhoseSuccessIs() {
        Solo solo = two();
        Mutation.FenceNode order = silence(solo);
        assertThat(order.node()).isEqualTo(TWO);
        assertThat(order.boot()).isEqualTo(Solo.boot(2, 1));
        assertThat(solo.state.provenDead(TWO, Solo.boot(2, 1))).isFalse();
        assertThat(solo.why(FOO)).contains(ReasonCode.UNSETTLED, ReasonCode.FENCING);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();

        solo.writesReports = false;
        solo.end(order, new Outcome.Exited(0, "off"));
        assertThat(solo.state.provenDead(TWO, Solo.boot(2, 1))).isTrue();
        solo.done(solo.take(Mutation.RemoveComm.class));
        solo.periods(2, 1);
        assertThat(solo.open(Mutation.Start.class)).isEmpty(); // rule 4d
        assertThat(solo.why(FOO)).contains(ReasonCode.PROOF_UNPUBLISHED).doesNotContain(ReasonCode.FENCING);
        solo.writesReports = true;
        solo.periods(2, 1);
        solo.take(Mutation.Start.class);
        assertThat(solo.block(R, 1).fences()).isEmpty();
        assertThat(solo.block(R, 1).evictions())
                .containsExactly(new Eviction(TWO, Solo.boot(2, 1), Solo.generation(2, 1), Eviction.Kind.FENCED));
    }

    @Test
    void theCommandRunsOnlyOnceItIsOnTheBoard() {
        Solo solo = two();
        solo.writesReports = false;
        solo.periods(Solo.T + 2, 1);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(5, 1);
        assertThat(solo.state.node().fencing().on(TWO, Solo.boot(2, 1))).isPresent();
        assertThat(solo.ever.stream().filter(Mutation.FenceNode.class::isInstance))
                .isEmpty();
        solo.writesReports = true;
        solo.periods(2, 1);
        solo.take(Mutation.FenceNode.class);
        assertThat(solo.block(R, 1).fences())
                .containsExactly(new FenceAttempt(TWO, Solo.boot(2, 1), Solo.generation(2, 1), Status.RUNNING, 1, 0));
    }

    @Test
    void aHangingCommandIsNotRunAgainAndHoldsUpNothingElse() {
        Solo solo = three();
        solo.periods(Solo.T + 2, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(100, 1, 2);
        assertThat(solo.ever.stream().filter(Mutation.FenceNode.class::isInstance))
                .hasSize(1);
        // The node's lane is free: another peer's comm can be made anew.
        solo.peer(R, 2, 2, 2);
        solo.take(Mutation.RemoveComm.class);
    }

    @Test
    void aFailedCommandIsNamedAndTriedAgainAfterAPauseThatGrows() {
        Solo solo = two();
        solo.end(silence(solo), new Outcome.Exited(3, "no route to the switch"));
        solo.periods(1, 1);
        assertThat(solo.why(FOO)).contains(ReasonCode.FENCE_FAILED).doesNotContain(ReasonCode.FENCING);
        Reason reason = solo.foo().reasons().stream()
                .filter(r -> r.code() == ReasonCode.FENCE_FAILED)
                .findFirst()
                .orElseThrow();
        assertThat(reason.nodes()).containsExactly(TWO);
        assertThat(reason.detail()).contains("node 1", "exit status 3", "no route to the switch");
        assertThat(solo.block(R, 1).fences())
                .containsExactly(new FenceAttempt(TWO, Solo.boot(2, 1), Solo.generation(2, 1), Status.FAILED, 1, 3));
        assertThat(solo.open(Mutation.FenceNode.class)).isEmpty();
        solo.periods(4, 1);
        Mutation.FenceNode second = solo.take(Mutation.FenceNode.class);
        assertThat(second.count()).isEqualTo(2);
        solo.end(second, new Outcome.Exited(FenceAttempt.TIMED_OUT, ""));
        solo.periods(4, 1);
        assertThat(solo.open(Mutation.FenceNode.class)).isEmpty();
        solo.periods(3, 1);
        assertThat(solo.take(Mutation.FenceNode.class).count()).isEqualTo(3);
    }

    @Test
    void whileAnothersCommandRunsTheOwnDoesNot() {
        Solo solo = three();
        fences(solo, 2, new FenceAttempt(THREE, Solo.boot(3, 1), Generation.NONE, Status.RUNNING, 1, 0));
        solo.periods(Solo.T + 2, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(TURN_PERIODS - Solo.T - 6, 1, 2);
        assertThat(solo.why(FOO)).contains(ReasonCode.FENCING);
        assertThat(solo.open(Mutation.FenceNode.class)).isEmpty();
        solo.periods(10, 1, 2); // it never tells how it ended
        solo.take(Mutation.FenceNode.class);
    }

    @Test
    void whoHasAnnouncedItAndFindsAHigherNodeAtItWaitsForThatOnesEnd() {
        Solo solo = three();
        solo.writesReports = false;
        solo.periods(Solo.T + 2, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        assertThat(solo.state.node().fencing().on(THREE, Solo.boot(3, 1))).isPresent();
        fences(solo, 2, new FenceAttempt(THREE, Solo.boot(3, 1), Generation.NONE, Status.RUNNING, 1, 0));
        solo.writesReports = true;
        solo.periods(3, 1, 2);
        assertThat(solo.block(R, 1).fences()).hasSize(1);
        assertThat(solo.open(Mutation.FenceNode.class)).isEmpty();
        fences(solo, 2);
        solo.periods(2, 1, 2);
        solo.take(Mutation.FenceNode.class);
    }

    @Test
    void anothersSuccessIsAProofHere() {
        Solo solo = three();
        solo.writesReports = false;
        solo.periods(Solo.T + 2, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        Report before = solo.block(R, 2);
        solo.writes(new Report(
                before.region(),
                before.node(),
                before.boot(),
                before.generation(),
                before.seq() + 1,
                before.settings(),
                before.mustGo(),
                before.floor(),
                List.of(new Eviction(THREE, Solo.boot(3, 1), Generation.NONE, Eviction.Kind.FENCED)),
                before.lockspaces()));
        solo.read();
        solo.writesReports = true;
        solo.periods(2, 1, 2);
        assertThat(solo.state.provenDead(THREE, Solo.boot(3, 1))).isTrue();
        assertThat(solo.block(R, 1).fences()).isEmpty();
        assertThat(solo.ever.stream().filter(Mutation.FenceNode.class::isInstance))
                .isEmpty();
    }

    @Test
    void whoComesBackBeforeTheCommandRunsIsNotFencedAndIsAMemberAgain() {
        Solo solo = two();
        solo.writesReports = false;
        solo.periods(Solo.T + 2, 1);
        solo.done(solo.take(Mutation.Stop.class));
        assertThat(solo.state.node().fencing().on(TWO, Solo.boot(2, 1))).isPresent();
        solo.beat(R, 2);
        solo.scan();
        solo.writesReports = true;
        solo.periods(3, 1, 2); // it was paused, and resumes under its generation
        assertThat(solo.ever.stream().filter(Mutation.FenceNode.class::isInstance))
                .isEmpty();
        assertThat(solo.block(R, 1).fences()).isEmpty();
        assertThat(solo.foo().view().nodes()).contains(TWO);
        solo.follow(FOO, R, Phase.STOPPED, 2);
        solo.periods(2, 1, 2);
        solo.take(Mutation.Start.class);
    }

    @Test
    void aNewBootEndsTheFencingOfTheOldOne() {
        Solo solo = two();
        solo.end(silence(solo), new Outcome.Exited(1, ""));
        solo.peer(R, 2, 2, 2);
        assertThat(solo.state.provenDead(TWO, Solo.boot(2, 1))).isTrue();
        solo.periods(40, 1, 2);
        assertThat(solo.ever.stream().filter(Mutation.FenceNode.class::isInstance))
                .hasSize(1);
        assertThat(solo.block(R, 1).fences()).isEmpty();
    }

    @Test
    void aSuccessThatComesLateIsAboutTheOldLifeOnly() {
        Solo solo = two();
        Mutation.FenceNode order = silence(solo);
        solo.peer(R, 2, 2, 2);
        solo.end(order, new Outcome.Exited(0, ""));
        assertThat(solo.state.provenDead(TWO, Solo.boot(2, 1))).isTrue();
        assertThat(solo.state.evicted(TWO, Solo.boot(2, 2))).isFalse();
    }

    @Test
    void aPeerThatLeftTheRegionUnderItsLockspacesIsFencedAfterTheSameSilence() {
        Solo solo = two();
        solo.disk(R).slots.put(TWO, new SlotBlock(99, 2, Generation.NONE, Solo.T * 2000L));
        solo.periods(Solo.T - 1, 1);
        solo.done(solo.take(Mutation.Stop.class));
        assertThat(solo.state.node().fencing().tries()).isEmpty();
        solo.periods(5, 1);
        assertThat(solo.state.provenDead(TWO, Solo.boot(2, 1))).isFalse();
        solo.end(solo.take(Mutation.FenceNode.class), new Outcome.Exited(0, ""));
        assertThat(solo.state.provenDead(TWO, Solo.boot(2, 1))).isTrue();
    }

    /** It may live, for all we know: that is no proof of death, and what the command is for. */
    @Test
    void aPeerThatLeftAnotherRegionInGoodOrderBeforeItFellSilentIsFenced() {
        Solo solo = new Solo(FenceMode.COMMAND, 2, R, Solo.S)
                .alive()
                .peer(R, 2, 1, 1)
                .peer(Solo.S, 2, 1, 1)
                .runs(FOO, R, 2);
        for (int i = 0; i < 4; i++) { // its path to one region hangs
            solo.beat(Solo.S, 2);
            solo.period(1);
        }
        solo.session(Solo.S, 2, Generation.NONE);
        solo.periods(4 * Solo.T, 1);
        assertThat(solo.slot(Solo.S, 2).cause()).isEqualTo(SlotState.Cause.LEFT);
        assertThat(solo.take(Mutation.FenceNode.class).node()).isEqualTo(TWO);
    }

    @Test
    void whoHoldsNothingThatIsWaitedForIsLeftAlone() {
        Solo solo = three();
        solo.says(R, 3, 1, 1);
        solo.periods(2, 1, 2, 3);
        solo.periods(Solo.T * 3, 1, 2);
        assertThat(solo.state.node().fencing().tries()).isEmpty();
    }

    @Test
    void aNodeThatDoesNotBeatItselfFencesNobody() {
        Solo solo = two();
        solo.periods(Solo.T, 1);
        solo.periods(Solo.T - 2);
        assertThat(solo.state.node().fencing().tries()).isEmpty();
    }

    @Test
    void aCommandOfTheAgentBeforeIsWaitedForAndThenRunAgain() {
        Solo solo = two();
        silence(solo);
        solo.start(Memory.blank(), KernelSnapshot.empty());
        solo.uevent(dev.lockstep.uevent.Uevent.Action.ONLINE, FOO);
        solo.periods(TURN_PERIODS - 3, 1);
        assertThat(solo.open(Mutation.FenceNode.class)).isEmpty();
        solo.periods(10, 1);
        assertThat(solo.take(Mutation.FenceNode.class).count()).isEqualTo(2);
    }

    @Test
    void aSuccessOfTheAgentBeforeIsFoundOnTheBoard() {
        Solo solo = two();
        solo.end(silence(solo), new Outcome.Exited(0, ""));
        solo.periods(2, 1);
        solo.start(Memory.blank(), KernelSnapshot.empty());
        solo.read();
        assertThat(solo.state.provenDead(TWO, Solo.boot(2, 1))).isTrue();
    }

    @Test
    void anAdministratorsWordEndsTheFencing() {
        Solo solo = two();
        solo.end(silence(solo), new Outcome.Exited(1, ""));
        solo.feed(new Evidence.FenceAcknowledged(solo.nowNs, TWO, Solo.boot(2, 1)));
        solo.done(solo.take(Mutation.RemoveComm.class));
        solo.periods(10, 1);
        solo.take(Mutation.Start.class);
        assertThat(solo.block(R, 1).fences()).isEmpty();
    }

    @Test
    void aNodeThatMustGoResetsItselfAndFencesNobody() {
        Solo solo = three();
        Report before = solo.block(R, 2);
        solo.writes(new Report(
                before.region(),
                before.node(),
                before.boot(),
                before.generation(),
                before.seq() + 1,
                before.settings(),
                false,
                before.floor(),
                List.of(new Eviction(NodeNumber.of(1), Solo.boot(1, 1), Generation.NONE, Eviction.Kind.MUST_GO)),
                before.lockspaces()));
        solo.periods(1, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(Solo.T * 2, 1, 2);
        solo.take(Mutation.ResetNode.class);
        assertThat(solo.ever.stream().filter(Mutation.FenceNode.class::isInstance))
                .isEmpty();
    }

    private static void fences(Solo solo, int writer, FenceAttempt... attempts) {
        Report before = solo.block(R, writer);
        solo.writes(new Report(
                before.region(),
                before.node(),
                before.boot(),
                before.generation(),
                before.seq() + 1,
                before.settings(),
                before.mustGo(),
                before.floor(),
                before.evictions(),
                before.lockspaces(),
                List.of(attempts),
                before.links()));
    }
}
