// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Phase;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.uevent.Uevent;
import org.junit.jupiter.api.Test;

/** What a person is told where nothing is wrong but something is not there yet. */
class ReasonsTest {

    @Test
    void aRegionWithoutABoardSaysSoAndSinceWhen() {
        Solo solo = new Solo(1, R);
        solo.feed(new Evidence.RegionFound(solo.nowNs, R, false, "it has no board"));
        solo.uevent(Uevent.Action.ONLINE, FOO);
        long sinceNs = solo.nowNs;
        solo.tick(100_000);
        assertThat(solo.foo().reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(ReasonCode.NO_BOARD);
            assertThat(reason.detail()).isEqualTo("it has no board");
            assertThat(reason.sinceNs()).isEqualTo(sinceNs);
        });
    }

    @Test
    void aCreateBeforeTheOwnHeartbeatIsSeenToMoveWaitsForThat() {
        Solo solo = new Solo(1, R);
        solo.read();
        solo.uevent(Uevent.Action.ONLINE, FOO);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.OWN_HEARTBEAT_UNSEEN);
        solo.alive();
        assertThat(solo.foo().phase()).isPresent();
    }

    @Test
    void aJoinThatTheDiskDoesNotTakeWaitsForItsReport() {
        Solo solo = new Solo(1, R).alive();
        solo.writesReports = false;
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.periods(3, 1);
        assertThat(solo.foo().phase()).contains(Phase.JOINING);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.REPORT_UNPUBLISHED);
    }

    @Test
    void aWriteThatHangsInTheKernelIsNamed() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.uevent(Uevent.Action.OFFLINE, FOO);
        assertThat(solo.open(Mutation.Stop.class)).isPresent();
        solo.periods(100, 1, 2);
        assertThat(solo.foo().reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(ReasonCode.KERNEL_WRITE_PENDING);
            assertThat(reason.detail()).isEqualTo("Stop");
        });
    }

    /** fs/dlm tells lockspaces apart by that id on the wire. */
    @Test
    void aNameWhoseIdAnotherLockspaceHasIsRefusedAndTheOtherOneNamed() {
        LockspaceName first = new LockspaceName("vol-uejgtcuo");
        LockspaceName second = new LockspaceName("vol-iiwucoup");
        assertThat(second.globalId()).isEqualTo(first.globalId());
        Solo solo = new Solo(1, R).alive();
        solo.uevent(Uevent.Action.ONLINE, first);
        solo.periods(2, 1);
        solo.uevent(Uevent.Action.ONLINE, second);
        assertThat(solo.take(Mutation.Answer.class).result()).isEqualTo(-17);
        assertThat(solo.lockspace(second).reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(ReasonCode.ID_COLLISION);
            assertThat(reason.detail()).contains(first.toString());
        });
    }
}
