// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeId;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.uevent.Uevent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** control = 0, then the members away, then event_done: whatever else is unknown. */
class ReleaseTest {

    @Test
    void whatNothingGuardsIsStoppedBeforeItsReleaseIsAnswered() {
        Solo solo = new Solo(2, Solo.R, Solo.S).alive();
        LockspaceName nobody = new LockspaceName("nobody");
        KernelLockspace runs = new KernelLockspace(
                nobody, 7, 0xff, 0, new TreeSet<>(List.of(new NodeId(1))), Optional.of(Uevent.Action.OFFLINE));
        solo.start(Memory.blank(), Solo.kernel(runs));
        solo.periods(4, 1);
        List<Class<?>> order = new ArrayList<>();
        for (int i = 0; i < 3 && !solo.open.isEmpty(); i++) {
            Mutation next = solo.open.get(0);
            order.add(next.getClass());
            solo.done(next);
            solo.period(1);
        }
        assertThat(order).containsExactly(Mutation.Stop.class, Mutation.ForgetMembers.class, Mutation.Answer.class);
    }

    @Test
    void whatNoBoardKnowsYetIsNotReleasedWhileItRuns() {
        Solo solo = new Solo(2, Solo.R, Solo.S).alive();
        solo.disk(Solo.S).unreadable.add(solo.facts.self());
        KernelLockspace runs = new KernelLockspace(
                Solo.FOO, 7, 0xff, 0, new TreeSet<>(List.of(new NodeId(1))), Optional.of(Uevent.Action.OFFLINE));
        solo.start(Memory.blank(), Solo.kernel(runs));
        solo.periods(4, 1);
        assertThat(solo.open).isEmpty();
        assertThat(solo.why(Solo.FOO)).containsExactly(ReasonCode.BOARD_UNREAD);
        solo.disk(Solo.S).unreadable.clear();
        solo.period(1);
        solo.done(solo.take(Mutation.Stop.class));
        solo.done(solo.take(Mutation.ForgetMembers.class));
        solo.done(solo.take(Mutation.Answer.class));
    }
}
