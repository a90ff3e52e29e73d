// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Phase;
import dev.lockstep.domain.Epoch;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.ReasonCode;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Section 10: what the next agent makes of what it finds when the predecessor's memory is lost. */
class LostMemoryTest {

    private final Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
    private final Epoch epoch = solo.foo().epoch();
    private final Memory memory = Core.memory(solo.state);

    @Test
    void aLostMemoryOpensANewEpoch() {
        Memory floorOnly = new Memory(memory.lasting(), false, memory.comms(), new TreeMap<>());
        opensANewEpoch(floorOnly, Solo.found(FOO, 0xff, 1, 2));
    }

    @Test
    void afterALostMemoryNoMemberIsRenewedThatTheBoardStillNames() {
        Memory floorOnly = new Memory(memory.lasting(), false, memory.comms(), new TreeMap<>());
        opensANewEpoch(floorOnly, Solo.found(FOO, 0xff, 1, 2));
        solo.follow(FOO, R, Phase.STOPPED, 2);
        solo.periods(2, 1, 2);
        assertThat(solo.take(Mutation.Start.class).renew()).isEmpty();
    }

    /** Made anew on one side only, a comm lets views and recoveries look well and locks wait for ever. */
    @Test
    void afterALostMemoryCommsOfMembersThatLiveOnAreKept() {
        opensANewEpoch(Memory.blank(), Solo.found(FOO, 0xff, 1, 2));
        solo.follow(FOO, R, Phase.STOPPED, 2);
        solo.ever.clear();
        solo.periods(2, 1, 2);
        assertThat(solo.take(Mutation.Start.class).renew()).isEmpty();
        assertThat(solo.ever).noneMatch(m -> m instanceof Mutation.OfNode);
    }

    @Test
    void afterALostMemoryWhatTheBoardDoesNotNameAnyMoreStaysStopped() {
        solo.says(R, 2, 1, 1, Solo.joining(FOO, 2));
        Memory floorOnly = new Memory(memory.lasting(), false, memory.comms(), new TreeMap<>());
        solo.start(floorOnly, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.periods(2, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(4, 1, 2);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.UNCONTROLLED);
        assertThat(solo.open).isEmpty();
    }

    /** The predecessor was killed between its stop and its report of that: P7, comms/2 belongs to a boot that lives. */
    @Test
    void afterALostMemoryCommsAreKeptUnderAKernelThatIsStoppedAlready() {
        opensANewEpoch(Memory.blank(), Solo.found(FOO, 0, 1, 2));
        solo.follow(FOO, R, Phase.STOPPED, 2);
        solo.periods(2, 1, 2);
        solo.take(Mutation.Start.class);
        assertThat(solo.ever).noneMatch(m -> m instanceof Mutation.RemoveComm);
    }

    /** Renewed under the join number that it was started with, a member's locks are lost. */
    @Test
    void afterALostMemoryNoMemberIsRenewedThoughTheRegionCameLate() {
        Solo.Disk late = solo.disks.remove(R);
        solo.start(Memory.blank(), Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.tick(10);
        solo.open(Mutation.Stop.class).ifPresent(solo::done); // nothing is known to guard it
        solo.disks.put(R, late);
        solo.feed(new Evidence.RegionFound(solo.nowNs, R, true, ""));
        comesBack();
        solo.follow(FOO, R, Phase.STOPPED, 2);
        comesBack();
        assertThat(solo.take(Mutation.Start.class).renew()).isEmpty();
        assertThat(solo.ever).noneMatch(m -> m instanceof Mutation.RemoveComm);
    }

    private void comesBack() {
        for (int i = 0; i < 4; i++) {
            solo.period(1, 2);
            while (solo.open(Mutation.OfNode.class).isPresent()) {
                solo.done(solo.take(Mutation.OfNode.class));
            }
            solo.open(Mutation.Stop.class).ifPresent(solo::done);
        }
    }

    private void opensANewEpoch(Memory remembered, KernelLockspace found) {
        solo.ever.clear();
        solo.start(remembered, Solo.kernel(found, 2));
        solo.periods(2, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(4, 1, 2);
        assertThat(solo.foo().phase()).contains(Phase.STOPPED);
        assertThat(solo.foo().epoch()).isGreaterThan(epoch);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
    }
}
