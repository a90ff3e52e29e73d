// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.Phase;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.reason.ReasonCode;
import org.junit.jupiter.api.Test;

/** Section 8: a live node whose agent is dead. */
class AgentSilenceTest {

    private static final NodeNumber TWO = NodeNumber.of(2);
    private static final NodeNumber THREE = NodeNumber.of(3);
    private static final int LIMIT_PERIODS = 30;

    private static FencePolicy policy(FenceMode mode) {
        return new FencePolicy(mode, 60_000 * Solo.MS, LIMIT_PERIODS * Solo.PERIOD, FencePolicy.NEVER);
    }

    /** Node 3 has rebooted and joins again; node 2 beats and does not answer the new epoch. */
    private static Solo waiting(FencePolicy policy) {
        Solo solo =
                new Solo(policy, 3, R).alive().peer(R, 2, 1, 1).peer(R, 3, 1, 1).runs(FOO, R, 2, 3);
        solo.says(
                R,
                3,
                1,
                1,
                Solo.entry(
                        FOO,
                        1,
                        Phase.LEAVING,
                        solo.foo().epoch().next(),
                        solo.foo().view()));
        solo.periods(1, 1, 2, 3);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(1, 1, 2, 3);
        assertThat(solo.why(FOO)).contains(ReasonCode.MEMBER_NOT_STOPPED);
        return solo;
    }

    private static boolean toldToGo(Solo solo) {
        return solo.block(R, 1).evictions().stream()
                .anyMatch(e -> e.node().equals(TWO) && e.kind() == Eviction.Kind.MUST_GO);
    }

    @Test
    void whoCannotAnswerBeforeTheBlockOfAThirdIsReadIsNotToldToGo() {
        Solo solo = waiting(policy(FenceMode.SELF));
        solo.disk(R).unreadable.add(THREE);
        solo.disk(R).board.remove(THREE);
        solo.says(R, 2, 1, 1, Solo.joining(FOO, 2));
        solo.periods(3, 1, 2);
        assertThat(solo.why(FOO)).contains(ReasonCode.BOARD_UNREAD);
        solo.periods(3 * LIMIT_PERIODS, 1, 2);
        assertThat(solo.why(FOO)).contains(ReasonCode.BOARD_UNREAD);
        assertThat(toldToGo(solo)).isFalse();
    }

    @Test
    void aSilentAgentIsNamedAndByDefaultThatIsAll() {
        Solo solo = waiting(FencePolicy.of(FenceMode.SELF));
        solo.periods(3, 1, 2, 3);
        assertThat(solo.why(FOO)).doesNotContain(ReasonCode.AGENT_SILENT);
        solo.periods(4, 1, 2, 3);
        assertThat(solo.why(FOO)).contains(ReasonCode.AGENT_SILENT);
        solo.periods(2000, 1, 2, 3);
        assertThat(solo.state.evictions()).isEmpty();
    }

    /** Scans come twice a period: a node whose beats are always seen between our own ones counts like any other. */
    @Test
    void aSilentAgentIsNamedWhereverItsBeatsFallBetweenOurs() {
        Solo solo = waiting(FencePolicy.of(FenceMode.SELF));
        for (int i = 0; i < 8; i++) {
            solo.tick(1000);
            solo.beat(R, 2);
            solo.beat(R, 3);
            solo.scan();
            solo.read();
            solo.tick(1000);
            solo.beat(R, 1);
            solo.scan();
            solo.read();
        }
        assertThat(solo.why(FOO)).contains(ReasonCode.AGENT_SILENT);
    }

    @Test
    void afterTheLimitAnEvictRecordTellsItToGoAndProvesNothing() {
        Solo solo = waiting(policy(FenceMode.SELF));
        solo.periods(LIMIT_PERIODS - 2, 1, 2, 3);
        assertThat(toldToGo(solo)).isFalse();
        solo.periods(5, 1, 2, 3);
        assertThat(toldToGo(solo)).isTrue();
        assertThat(solo.foo().view().nodes()).doesNotContain(TWO);
        assertThat(solo.why(FOO)).contains(ReasonCode.UNSETTLED, ReasonCode.AGENT_SILENT);
        solo.periods(100, 1, 2, 3);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
        assertThat(solo.ever.stream().filter(Mutation.FenceNode.class::isInstance))
                .isEmpty();
        // Its next boot settles it.
        solo.peer(R, 2, 2, 2);
        solo.periods(2, 1, 2, 3);
        solo.done(solo.take(Mutation.RemoveComm.class));
        solo.periods(2, 1, 2, 3);
        solo.take(Mutation.Start.class);
    }

    @Test
    void underFenceCommandItIsFenced() {
        Solo solo = waiting(policy(FenceMode.COMMAND));
        solo.periods(LIMIT_PERIODS + 5, 1, 2, 3);
        Mutation.FenceNode order = solo.take(Mutation.FenceNode.class);
        assertThat(order.boot()).isEqualTo(Solo.boot(2, 1));
        assertThat(toldToGo(solo)).isTrue();
        solo.end(order, new Outcome.Exited(0, ""));
        assertThat(solo.state.provenDead(TWO, Solo.boot(2, 1))).isTrue();
        solo.periods(2, 1, 3);
        solo.done(solo.take(Mutation.RemoveComm.class));
        solo.periods(2, 1, 3);
        solo.take(Mutation.Start.class);
    }

    @Test
    void anAnswerEndsTheCount() {
        Solo solo = waiting(policy(FenceMode.SELF));
        solo.periods(LIMIT_PERIODS - 2, 1, 2, 3);
        solo.follow(FOO, R, Phase.STOPPED, 2);
        solo.periods(50, 1, 2, 3);
        assertThat(solo.state.evictions()).isEmpty();
        assertThat(solo.why(FOO)).doesNotContain(ReasonCode.AGENT_SILENT);
    }

    @Test
    void whileItsMachineStandsStillNothingIsCounted() {
        Solo solo = waiting(policy(FenceMode.SELF));
        for (int round = 0; round < 20; round++) {
            solo.periods(Solo.T - 1, 1, 3); // too short to die of
            solo.periods(1, 1, 2, 3);
        }
        assertThat(toldToGo(solo)).isFalse();
    }

    @Test
    void whileTheOwnHeartbeatStandsStillNothingIsCounted() {
        Solo solo = waiting(policy(FenceMode.MANUAL));
        solo.periods(3 * LIMIT_PERIODS, 2, 3);
        assertThat(solo.state.evictions()).isEmpty();
    }

    @Test
    void whileItsBlockCannotBeReadNothingIsCounted() {
        Solo solo = waiting(policy(FenceMode.SELF));
        solo.disk(R).unreadable.add(TWO);
        solo.periods(3 * LIMIT_PERIODS, 1, 2, 3);
        assertThat(solo.state.evictions()).isEmpty();
    }

    @Test
    void aLongPauseOfThisMachineCountsForNothing() {
        Solo solo = waiting(policy(FenceMode.SELF));
        solo.periods(2, 1, 2, 3);
        solo.nowNs += 3600 * 1000 * Solo.MS;
        solo.periods(5, 1, 2, 3);
        assertThat(solo.state.evictions()).isEmpty();
    }

    @Test
    void whoseReportNobodyWaitsForMayBeSilentForEver() {
        Solo solo = new Solo(policy(FenceMode.COMMAND), 3, R)
                .alive()
                .peer(R, 2, 1, 1)
                .peer(R, 3, 1, 1)
                .runs(FOO, R, 2);
        solo.periods(3 * LIMIT_PERIODS, 1, 2, 3);
        assertThat(solo.state.evictions()).isEmpty();
        assertThat(solo.state.node().fencing().tries()).isEmpty();
        assertThat(solo.state.evicted(THREE, Solo.boot(3, 1))).isFalse();
    }
}
