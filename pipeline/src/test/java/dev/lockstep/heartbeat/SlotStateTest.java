// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.Generation;
import dev.lockstep.heartbeat.SlotState.Cause;
import dev.lockstep.heartbeat.SlotState.Status;
import org.junit.jupiter.api.Test;

/** o2hb_check_slot, rule by rule, and what is asked beyond it: causes apart, silence by count and by time. */
class SlotStateTest {

    private static final long MS = 1_000_000L;
    private static final long PERIOD = 2000 * MS;
    private static final int T = 6;
    private static final SlotTiming TIMING = SlotTiming.of(T, PERIOD, 12_000, PERIOD);
    private static final int NODE = 3;

    private SlotState slot = SlotState.UNSEEN;
    private long nowNs;

    @Test
    void aSlotNeverUsedIsDownAndNotDead() {
        sees(0, 0);
        is(Status.DOWN, Cause.LEFT);
        silence(5 * T);
        is(Status.DOWN, Cause.LEFT);
    }

    @Test
    void aSlotFirstSeenIsNeitherLiveNorDead() {
        sees(1, 7);
        is(Status.UNKNOWN, Cause.NONE);
        assertThat(slot.live()).isEmpty();
    }

    @Test
    void twoChangesMakeItLive() {
        sees(1, 7);
        sees(2, 7);
        is(Status.UNKNOWN, Cause.NONE);
        sees(3, 7);
        is(Status.LIVE, Cause.NONE);
        assertThat(slot.live()).contains(new Generation(7));
    }

    @Test
    void theTwoChangesNeedNotFollowEachOther() {
        sees(1, 7);
        sees(2, 7);
        sees(2, 7);
        sees(2, 7);
        sees(3, 7);
        is(Status.LIVE, Cause.NONE);
    }

    @Test
    void anyDifferenceOfTheSeqIsAChangeBackwardsToo() {
        sees(9, 7);
        sees(8, 7);
        sees(5, 7);
        is(Status.LIVE, Cause.NONE);
    }

    @Test
    void anUnknownSlotThatStaysSilentTimesOut() {
        sees(1, 7);
        silence(T);
        is(Status.UNKNOWN, Cause.NONE);
        silence(1);
        is(Status.DOWN, Cause.TIMEOUT);
    }

    @Test
    void aTimeoutNeedsTheCountAlthoughTheTimeIsLongOver() {
        live();
        nowNs += 100 * PERIOD;
        for (int i = 1; i < T; i++) {
            nowNs += MS;
            again(true);
        }
        is(Status.LIVE, Cause.NONE);
        again(true);
        is(Status.DOWN, Cause.TIMEOUT);
    }

    @Test
    void aTimeoutNeedsTheTimeAndTheMarginAlthoughTheCountIsLongOver() {
        live();
        for (int i = 0; i < 10 * T; i++) {
            nowNs += 100 * MS;
            again(true);
        }
        is(Status.LIVE, Cause.NONE);
        nowNs = slot.lastChangeNs() + (T + 1) * PERIOD - 1;
        again(true);
        is(Status.LIVE, Cause.NONE);
        nowNs++;
        again(true);
        is(Status.DOWN, Cause.TIMEOUT);
    }

    @Test
    void silenceBeginsWhenTheScanThatSawTheLastBeatHadCompleted() {
        live();
        long begunNs = nowNs + PERIOD;
        nowNs = begunNs + 4 * PERIOD;
        SlotBlock block = new SlotBlock(slot.seq() + 1, NODE, slot.generation(), 12_000);
        slot = slot.next(NODE, new SlotReading.Good(block), begunNs, nowNs, true, TIMING);
        silence(T);
        is(Status.LIVE, Cause.NONE);
        silence(1);
        is(Status.DOWN, Cause.TIMEOUT);
    }

    @Test
    void theLongerOfPublishedAndOwnThresholdCounts() {
        assertThat(SlotTiming.of(T, PERIOD, 12_000, PERIOD).silenceNs()).isEqualTo(7 * PERIOD);
        assertThat(SlotTiming.of(T, PERIOD, 62_000, PERIOD).silenceNs()).isEqualTo(32 * PERIOD);
        assertThat(SlotTiming.of(T, PERIOD, 0, 0).silenceNs()).isEqualTo(6 * PERIOD);
    }

    @Test
    void aScanThatDoesNotCountBringsNoTimeout() {
        live();
        for (int i = 0; i < 10 * T; i++) {
            nowNs += PERIOD;
            again(false);
        }
        is(Status.LIVE, Cause.NONE);
        assertThat(slot.equal()).isZero();
    }

    @Test
    void countingAnewForgetsTheSilenceButNotTheState() {
        live();
        silence(T - 1);
        slot = slot.countingAnew();
        silence(T - 1);
        is(Status.LIVE, Cause.NONE);
        silence(1);
        is(Status.DOWN, Cause.TIMEOUT);
    }

    @Test
    void aChangeEndsTheSilence() {
        live();
        silence(T - 1);
        sees(50, 7);
        silence(T);
        is(Status.LIVE, Cause.NONE);
        silence(1);
        is(Status.DOWN, Cause.TIMEOUT);
    }

    @Test
    void generationZeroIsALeaveAndNoTimeout() {
        live();
        sees(4, 0);
        is(Status.DOWN, Cause.LEFT);
        silence(5 * T);
        is(Status.DOWN, Cause.LEFT);
    }

    @Test
    void afterALeaveOneChangeUnderANewGenerationIsEnough() {
        live();
        sees(4, 0);
        sees(5, 8);
        is(Status.LIVE, Cause.NONE);
        assertThat(slot.live()).contains(new Generation(8));
    }

    @Test
    void aNewGenerationIsARestartAndLiveWithItsNextChange() {
        live();
        sees(4, 8);
        is(Status.DOWN, Cause.RESTARTED);
        sees(4, 8);
        is(Status.DOWN, Cause.RESTARTED);
        sees(5, 8);
        is(Status.LIVE, Cause.NONE);
    }

    @Test
    void aNewGenerationWithTheSameSeqIsARestartToo() {
        live();
        sees(3, 8);
        is(Status.DOWN, Cause.RESTARTED);
        sees(4, 8);
        is(Status.DOWN, Cause.RESTARTED);
        sees(5, 8);
        is(Status.LIVE, Cause.NONE);
    }

    @Test
    void aRestartThatFallsSilentTimesOut() {
        live();
        sees(4, 8);
        silence(T + 1);
        is(Status.DOWN, Cause.TIMEOUT);
        assertThat(slot.generation()).isEqualTo(new Generation(8));
    }

    @Test
    void aRestartSeenBeforeTheNodeLivedIsNoTimeout() {
        sees(1, 7);
        sees(2, 8);
        is(Status.DOWN, Cause.RESTARTED);
        sees(3, 8);
        is(Status.LIVE, Cause.NONE);
    }

    @Test
    void aZombieIsLiveAgainAfterTwoChangesUnderItsOldGeneration() {
        live();
        silence(T + 1);
        sees(20, 7);
        is(Status.DOWN, Cause.TIMEOUT);
        sees(21, 7);
        is(Status.LIVE, Cause.NONE);
        assertThat(slot.live()).contains(new Generation(7));
    }

    @Test
    void aBadChecksumOfANodeThatDoesNotLiveIsNothingAtAll() {
        sees(1, 7);
        sees(2, 7);
        for (int i = 0; i < 5 * T; i++) {
            bad();
        }
        is(Status.UNKNOWN, Cause.NONE);
        assertThat(slot.equal()).isZero();
        assertThat(slot.badChecksums()).isEqualTo(5 * T);
        sees(3, 7);
        is(Status.LIVE, Cause.NONE);
    }

    @Test
    void aBadChecksumOfALiveNodeIsAMiss() {
        live();
        bad();
        is(Status.LIVE, Cause.NONE);
        assertThat(slot.equal()).isEqualTo(1);
        assertThat(slot.seq()).isEqualTo(3);
        for (int i = 0; i < T; i++) {
            bad();
        }
        is(Status.DOWN, Cause.TIMEOUT);
    }

    @Test
    void aBadChecksumIsNoScanThatVouchesForTheSlotsContent() {
        live();
        long lastGoodNs = slot.lastScanNs();
        bad();
        assertThat(slot.lastScanNs()).isEqualTo(lastGoodNs);
    }

    @Test
    void anotherNodesNumberIsCountedAndTheIndexStaysTheIdentity() {
        nowNs += PERIOD;
        slot = slot.next(
                NODE, new SlotReading.Good(new SlotBlock(1, 9, new Generation(7), 12_000)), nowNs, nowNs, true, TIMING);
        assertThat(slot.foreignNumbers()).isEqualTo(1);
        is(Status.UNKNOWN, Cause.NONE);
        sees(2, 7);
        sees(3, 7);
        is(Status.LIVE, Cause.NONE);
        assertThat(slot.foreignNumbers()).isEqualTo(1);
    }

    @Test
    void anEmptySlotsNumberIsNotForeign() {
        sees(0, 0);
        assertThat(slot.foreignNumbers()).isZero();
    }

    @Test
    void theNodeBeatAfterTheScanBeforeAChange() {
        sees(1, 7);
        assertThat(slot.movedAfterNs()).isEqualTo(-1);
        long beforeNs = nowNs;
        nowNs += 10 * PERIOD; // no scan meanwhile: the beat may have come early
        sees(2, 7);
        assertThat(slot.movedAfterNs()).isEqualTo(beforeNs);
        sees(2, 7);
        assertThat(slot.movedAfterNs()).isEqualTo(beforeNs);
    }

    private void live() {
        sees(1, 7);
        sees(2, 7);
        sees(3, 7);
        is(Status.LIVE, Cause.NONE);
    }

    private void sees(long seq, long generation) {
        nowNs += PERIOD;
        int number = generation == 0 ? 0 : NODE;
        SlotBlock block = new SlotBlock(seq, number, new Generation(generation), 12_000);
        slot = slot.next(NODE, new SlotReading.Good(block), nowNs, nowNs, true, TIMING);
    }

    private void silence(int periods) {
        for (int i = 0; i < periods; i++) {
            nowNs += PERIOD;
            again(true);
        }
    }

    private void again(boolean counts) {
        SlotBlock block = new SlotBlock(slot.seq(), NODE, slot.generation(), 12_000);
        slot = slot.next(NODE, new SlotReading.Good(block), nowNs, nowNs, counts, TIMING);
    }

    private void bad() {
        nowNs += PERIOD;
        slot = slot.next(NODE, new SlotReading.BadChecksum(), nowNs, nowNs, true, TIMING);
    }

    private void is(Status status, Cause cause) {
        assertThat(slot.status()).isEqualTo(status);
        assertThat(slot.cause()).isEqualTo(cause);
    }
}
