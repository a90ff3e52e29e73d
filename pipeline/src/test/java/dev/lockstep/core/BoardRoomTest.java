// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.BoardGeometry;
import dev.lockstep.board.Encoding;
import dev.lockstep.board.Eviction;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Decision;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.uevent.Uevent;
import org.junit.jupiter.api.Test;

/** Section 6: a full block refuses the next join, and what is in it can still be told of. */
class BoardRoomTest {
    private static final RegionId R = new RegionId("R");
    private static final int COPY_BYTES = new BoardGeometry(0, 2048, 255).copyBytes();

    private final Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1);

    @Test
    void aLockspaceForWhichTheOwnBlockHasNoRoomIsRefusedByName() {
        LockspaceName refused = joinsUntilOneIsRefused();
        assertThat(solo.take(Mutation.Answer.class).result()).isEqualTo(-28);
        assertThat(solo.block(R, 1).lockspaces())
                .isNotEmpty()
                .noneMatch(entry -> entry.name().equals(refused));
    }

    @Test
    void whatJoinedBeforeTheBlockWasFullCanStillStopAndADeathCanStillBeVouchedFor() {
        joinsUntilOneIsRefused();
        solo.feed(new Evidence.FenceAcknowledged(solo.nowNs, solo.facts.others().first(), Solo.boot(2, 1)));
        solo.periods(2, 1);
        Report report = solo.block(R, 1);
        assertThat(report.evictions()).extracting(Eviction::kind).containsExactly(Eviction.Kind.ACKNOWLEDGED);
        assertThat(report.lockspaces()).extracting(entry -> entry.phase()).contains(Phase.STOPPED);
        assertThat(BoardCodec.encode(report, COPY_BYTES)).isInstanceOf(Encoding.Fits.class);
    }

    @Test
    void whyItIsRefusedIsSaidBeforeTheKernelIsAnswered() {
        LockspaceName refused = joinsUntilOneIsRefused();
        State asking = solo.state.with(solo.lockspace(refused).withKernel(KernelSide.CREATED));
        assertThat(Core.plan(asking, new Scope.OfRegion(R)).decisions())
                .filteredOn(Decision.Waits.class::isInstance)
                .flatExtracting(waits -> ((Decision.Waits) waits).reasons())
                .extracting(Reason::code)
                .contains(ReasonCode.BOARD_FULL);
    }

    private LockspaceName joinsUntilOneIsRefused() {
        solo.feed(new Evidence.RegionFound(solo.nowNs, R, true, COPY_BYTES, ""));
        for (int i = 0; i < COPY_BYTES; i++) {
            LockspaceName name = new LockspaceName("lockspace" + i);
            solo.uevent(Uevent.Action.ONLINE, name);
            solo.period(1, 2);
            if (solo.lockspace(name).phase().isEmpty()) {
                return name;
            }
        }
        throw new AssertionError("a block of " + COPY_BYTES + " bytes is never full");
    }
}
