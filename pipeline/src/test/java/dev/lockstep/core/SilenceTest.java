// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.uevent.Uevent;
import org.junit.jupiter.api.Test;

/** Rule b of section 5: whose silence counts, and when. */
class SilenceTest {

    private static final NodeNumber TWO = NodeNumber.of(2);

    @Test
    void silenceCountsWhileOurOwnSlotMoves() {
        Solo solo = both();
        solo.periods(Solo.T, 1);
        assertThat(two(solo).status()).isEqualTo(SlotState.Status.LIVE);
        solo.periods(2, 1);
        assertThat(two(solo).cause()).isEqualTo(SlotState.Cause.TIMEOUT);
    }

    @Test
    void moreScansThanOwnBeatsDoNotCountTwice() {
        Solo solo = both();
        for (int beat = 1; beat < Solo.T; beat++) {
            solo.period(1);
            solo.scan();
            solo.scan();
            assertThat(two(solo).equal()).isEqualTo(beat);
        }
    }

    @Test
    void whileOurOwnSlotStandsStillNobodyTimesOut() {
        Solo solo = both();
        solo.periods(10 * Solo.T);
        assertThat(two(solo).status()).isEqualTo(SlotState.Status.LIVE);
    }

    @Test
    void afterAStallThatWasWatchedAllCountsBeginAnew() {
        Solo solo = both();
        solo.periods(Solo.T - 1, 1);
        solo.periods(4);
        solo.periods(Solo.T - 1, 1);
        assertThat(two(solo).status()).isEqualTo(SlotState.Status.LIVE);
        solo.periods(2, 1);
        assertThat(two(solo).cause()).isEqualTo(SlotState.Cause.TIMEOUT);
    }

    @Test
    void afterAStallOfOurReadsTooAllCountsBeginAnew() {
        Solo solo = both();
        solo.periods(Solo.T - 1, 1);
        solo.tick(60_000); // neither read nor written: the whole device hung, the kernels agreed to live on
        solo.periods(Solo.T - 1, 1);
        assertThat(two(solo).status()).isEqualTo(SlotState.Status.LIVE);
        solo.periods(2, 1);
        assertThat(two(solo).cause()).isEqualTo(SlotState.Cause.TIMEOUT);
    }

    @Test
    void afterOurOwnRegionRestartedAllCountsBeginAnew() {
        Solo solo = both();
        solo.periods(Solo.T - 1, 1);
        solo.session(R, 1, Solo.generation(1, 2));
        solo.periods(2, 1);
        solo.periods(Solo.T - 2, 1);
        assertThat(two(solo).status()).isEqualTo(SlotState.Status.LIVE);
    }

    @Test
    void whoDoesNotBeatConcludesNoTimeout() {
        Solo solo = new Solo(2, R);
        solo.session(R, 2, Solo.generation(2, 1));
        solo.periods(3, 2);
        assertThat(two(solo).status()).isEqualTo(SlotState.Status.LIVE);
        solo.periods(5 * Solo.T);
        assertThat(two(solo).status()).isEqualTo(SlotState.Status.LIVE);
    }

    @Test
    void anotherDeadThresholdThanMostIsRefusedByName() {
        Solo solo = new Solo(3, R).alive().peer(R, 2, 1, 1).peer(R, 3, 1, 1);
        solo.period(1, 2, 3);
        odd(solo, 2);
        odd(solo, 3);
        solo.period(1);
        solo.uevent(Uevent.Action.ONLINE, Solo.FOO);
        assertThat(solo.why(Solo.FOO)).containsExactly(ReasonCode.SETTINGS_DIFFER);
        assertThat(solo.foo().reasons().get(0).nodes()).containsExactly(TWO, NodeNumber.of(3));
        assertThat(solo.foo().reasons().get(0).detail()).contains("dead-threshold");
    }

    @Test
    void oneNodeWithAnotherThresholdDoesNotKeepTheOthersFromJoining() {
        Solo solo = new Solo(3, R).alive().peer(R, 2, 1, 1).peer(R, 3, 1, 1);
        solo.period(1, 2, 3);
        odd(solo, 3);
        solo.period(1);
        solo.uevent(Uevent.Action.ONLINE, Solo.FOO);
        assertThat(solo.why(Solo.FOO)).doesNotContain(ReasonCode.SETTINGS_DIFFER);
    }

    private static void odd(Solo solo, int node) {
        solo.disk(R).slots.put(NodeNumber.of(node), new SlotBlock(99, node, Solo.generation(node, 1), 62_000));
    }

    @Test
    void aThresholdOfOurOwnKernelThatDiffersFromTheSettingIsRefusedToo() {
        Solo solo = new Solo(2, R).alive();
        solo.disk(R).slots.put(NodeNumber.of(1), new SlotBlock(99, 1, Solo.generation(1, 1), 62_000));
        solo.scan();
        solo.uevent(Uevent.Action.ONLINE, Solo.FOO);
        assertThat(solo.why(Solo.FOO)).containsExactly(ReasonCode.SETTINGS_DIFFER);
    }

    private static Solo both() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1);
        solo.period(1, 2);
        return solo;
    }

    private static SlotState two(Solo solo) {
        return solo.slot(R, 2);
    }
}
