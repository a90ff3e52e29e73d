// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.uevent.Uevent;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule 4, and what becomes of starts that fail. */
class StartGateTest {

    private static final NodeNumber TWO = NodeNumber.of(2);

    @Test
    void aWakeUpForARegionThatIsNotHereIsNoBadInput() {
        Solo solo = new Solo(2, R).alive();
        Evidence wakeUp = new Evidence.PeerHeard(solo.nowNs, new RegionId("ELSEWHERE"), TWO, Solo.boot(2, 5));
        assertThat(Core.observe(solo.state, wakeUp).events()).isEmpty();
    }

    @Test
    void aBlockReadBeforeTheOwnStopWasOnDiskIsNotEnough() {
        Solo solo = new Solo(2, R).alive();
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.publish(); // JOINING
        solo.tick(1);
        solo.writesReports = false;
        solo.read(); // STOPPED is decided, and not on disk yet
        assertThat(solo.foo().phase()).contains(Phase.STOPPED);
        solo.tick(1);
        solo.read();
        solo.writesReports = true;
        solo.publish();
        solo.scan();
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.BOARD_UNREAD);
        solo.tick(1);
        solo.read();
        solo.take(Mutation.Start.class);
    }

    /** A reading that was begun after the own STOPPED, by a path that answers with what stood there before. */
    private static void stopsAndReadsWhatStoodThereBefore(Solo solo) {
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.publish();
        Report joining = solo.block(R, 1);
        solo.tick(1);
        solo.read();
        solo.publish();
        assertThat(solo.foo().phase()).contains(Phase.STOPPED);
        solo.tick(1);
        solo.writes(joining);
        solo.read();
        solo.publish(); // what seems to be lost is written again
    }

    @Test
    void aReadingThatDoesNotShowTheOwnStopIsNotFromAfterIt() {
        Solo solo = new Solo(2, R).alive();
        stopsAndReadsWhatStoodThereBefore(solo);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.BOARD_UNREAD);
        solo.tick(1);
        solo.read();
        solo.take(Mutation.Start.class);
    }

    /** One has the block of node 2, but not the own STOPPED; the one that shows that does not have the block. */
    @Test
    void twoReadingsAreNotOneThatHasEveryBlockSinceTheOwnStop() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1);
        stopsAndReadsWhatStoodThereBefore(solo);
        solo.tick(1);
        solo.disk(R).unreadable.add(TWO);
        solo.read();
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.BOARD_UNREAD);
        solo.disk(R).unreadable.clear();
        solo.tick(1);
        solo.read();
        solo.take(Mutation.Start.class);
    }

    @Test
    void aVacantBlockOfANodeThatBeatsIsNoWordOfIt() {
        Solo solo = new Solo(2, R).alive();
        solo.session(R, 2, Solo.generation(2, 1));
        solo.periods(3, 1, 2);
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.periods(3, 1, 2);
        assertThat(solo.ever).noneMatch(Mutation.Start.class::isInstance);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.BOARD_UNREAD);
        solo.says(R, 2, 1, 1);
        solo.periods(3, 1, 2);
        solo.take(Mutation.Start.class);
    }

    @Test
    void aMemberThatStoppedWithAnotherViewIsNamed() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1);
        solo.says(R, 2, 1, 1, Solo.joining(FOO, 1));
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.periods(2, 1, 2);
        solo.says(R, 2, 1, 1, Solo.entry(FOO, 1, Phase.STOPPED, solo.foo().epoch(), dev.lockstep.domain.View.EMPTY));
        solo.periods(1, 1, 2);
        assertThat(solo.why(FOO)).contains(ReasonCode.VIEW_DIFFERS);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
    }

    @Test
    void aStartThatKeepsFailingComesEverLessOften() {
        Solo solo = new Solo(2, R).alive();
        solo.uevent(Uevent.Action.ONLINE, FOO);
        Set<Mutation> starts = new HashSet<>();
        for (int i = 0; i < 600; i++) {
            solo.tick(100);
            if (i % 20 == 0) {
                solo.beat(R, 1);
            }
            solo.scan();
            solo.read();
            solo.publish();
            solo.open(Mutation.Stop.class).ifPresent(solo::done);
            solo.open(Mutation.Start.class).ifPresent(start -> {
                starts.add(start);
                solo.end(start, new Outcome.Failed("EBUSY", Outcome.ErrorClass.AGAIN_LATER, "mkdir: EBUSY"));
            });
        }
        assertThat(starts.size()).isBetween(10, 20);
    }

    @Test
    void aStartOfWhichNothingWasWrittenUsesUpNoEpoch() {
        Solo solo = new Solo(2, R).alive();
        solo.uevent(Uevent.Action.ONLINE, FOO);
        for (int i = 0; i < 3; i++) {
            solo.publish();
            solo.period(1);
        }
        Mutation.Start start = solo.take(Mutation.Start.class);
        solo.end(start, new Outcome.Failed("EIO", Outcome.ErrorClass.NOT_BEGUN, "memory is not saved"));
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.KERNEL_WRITE_FAILED);

        solo.period(1);

        assertThat(solo.take(Mutation.Start.class)).isEqualTo(start);
        assertThat(solo.open(Mutation.Stop.class)).isEmpty();
    }

    @Test
    void aPeerThatIsAbsentFromOurBoardHoldsUpTheStart() {
        Solo solo = hearing();
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.DISK_NOT_SHARED);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
    }

    @Test
    void aPeerThatGoesOnTalkingHoldsUpTheStartAllTheWhile() {
        Solo solo = hearing();
        solo.tick(1);
        solo.feed(new Evidence.PeerHeard(solo.nowNs, R, TWO, Solo.boot(2, 5)));
        solo.tick(1);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.DISK_NOT_SHARED);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
    }

    @Test
    void aPeerThatWasHeardAndIsOnTheBoardThenHoldsUpNothing() {
        Solo solo = hearing();
        solo.says(R, 2, 5, 5);
        solo.periods(2, 1);
        solo.take(Mutation.Start.class);
    }

    @Test
    void aPeerThatWasHeardAndWroteUnderItsNextBootHoldsUpNothing() {
        Solo solo = hearing();
        solo.says(R, 2, 6, 6);
        solo.periods(2, 1);
        solo.take(Mutation.Start.class);
    }

    @Test
    void aPeerThatWasHeardAndIsProvenDeadHoldsUpNothing() {
        Solo solo = hearing();
        solo.feed(new Evidence.FenceAcknowledged(solo.nowNs, TWO, Solo.boot(2, 5)));
        solo.periods(2, 1);
        solo.take(Mutation.Start.class);
    }

    @Test
    void aStallOfOurOwnHeartbeatHoldsUpTheStart() {
        Solo solo = new Solo(2, R).alive();
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.publish();
        solo.writesReports = false;
        solo.periods(1, 1);
        solo.writesReports = true;
        solo.tick(7000);
        solo.publish();
        solo.tick(1);
        solo.read();
        assertThat(solo.why(FOO)).contains(ReasonCode.OWN_HEARTBEAT_STALLED);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
    }

    @Test
    void whatWasReadBeforeOurOwnHeartbeatMovedAgainIsNotEnough() {
        Solo solo = new Solo(2, R).alive();
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.publish();
        solo.writesReports = false;
        solo.periods(1, 1);
        solo.writesReports = true;
        solo.tick(7000);
        solo.publish();
        solo.tick(1);
        solo.read(); // the others may be about to go on without us
        solo.tick(1);
        solo.beat(R, 1);
        solo.scan();
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.BOARD_UNREAD);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
        solo.tick(1);
        solo.read();
        solo.take(Mutation.Start.class);
    }

    private static Solo hearing() {
        Solo solo = new Solo(2, R).alive();
        solo.feed(new Evidence.PeerHeard(solo.nowNs, R, TWO, Solo.boot(2, 5)));
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.periods(3, 1);
        return solo;
    }
}
