// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.BAR;
import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static dev.lockstep.core.Solo.S;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Phase;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.uevent.Uevent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** P7: comms/N belongs to one boot of N. */
class CommsTest {

    @Test
    void aMemberHasACommForItsBootBeforeTheFirstStart() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        assertThat(solo.state.node().comms()).containsEntry(NodeNumber.of(2), Solo.boot(2, 1));
        List<Class<?>> order =
                solo.ever.stream().<Class<?>>map(Object::getClass).toList();
        assertThat(order.indexOf(Mutation.AddComm.class)).isLessThan(order.indexOf(Mutation.Start.class));
    }

    @Test
    void aCleanLeaverKeepsItsComm() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        leaves(solo, 2);
        solo.periods(2, 1, 2);
        solo.done(solo.take(Mutation.Start.class));
        solo.periods(5, 1, 2);
        assertThat(solo.ever).noneMatch(m -> m instanceof Mutation.RemoveComm);
    }

    @Test
    void aCleanLeaverThatDiesKeepsItsCommUntilTheKernelHasProcessedTheLeave() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        leaves(solo, 2);
        solo.periods(2, 1, 2);
        solo.done(solo.take(Mutation.Start.class));
        solo.periods(Solo.T + 3, 1);
        assertThat(solo.state.provenDead(NodeNumber.of(2), Solo.boot(2, 1))).isTrue();
        assertThat(solo.open(Mutation.RemoveComm.class)).isEmpty();
        solo.recovered(FOO);
        assertThat(solo.take(Mutation.RemoveComm.class).node()).isEqualTo(NodeNumber.of(2));
    }

    @Test
    void theCommOfTheDeadGoesAfterTheStopAndBeforeTheStart() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.periods(Solo.T + 2, 1);
        assertThat(solo.open(Mutation.RemoveComm.class)).isEmpty();
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(2, 1);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
        assertThat(solo.why(FOO)).contains(ReasonCode.COMM_NOT_READY);
        solo.done(solo.take(Mutation.RemoveComm.class));
        solo.periods(1, 1);
        solo.done(solo.take(Mutation.Start.class));
    }

    /** Its reboot shows on one board; that the other cannot be read is why its comm is still kept, and is said. */
    @Test
    void aBoardThatKeepsACommFromBeingMadeAnewIsNamed() {
        Solo solo = new Solo(2, R, S).alive().peer(R, 2, 1, 1);
        solo.says(S, 2, 1, 1);
        solo.periods(2, 1, 2);
        Memory memory = new Memory(
                Core.memory(solo.state).lasting(),
                false,
                new TreeMap<>(Map.of(NodeNumber.of(2), Solo.boot(2, 1))),
                new TreeMap<>());
        solo.disk(S).unreadable.add(NodeNumber.of(2));
        solo.says(R, 2, 2, 2, Solo.joining(FOO, 1));
        solo.start(memory, new KernelSnapshot(new TreeMap<>(), new TreeSet<>(List.of(NodeNumber.of(2)))));
        beatsAnew(solo, 5);
        solo.uevent(Uevent.Action.ONLINE, FOO);
        beatsAnew(solo, 4);
        solo.follow(FOO, R, Phase.STOPPED, 2);
        beatsAnew(solo, 4);
        assertThat(solo.foo().reasons())
                .filteredOn(reason -> reason.code() == ReasonCode.COMM_NOT_READY)
                .singleElement()
                .satisfies(
                        reason -> assertThat(reason.detail()).contains("the block of node 2 in region S was not read"));
    }

    /** Node 2 beats in R under its second generation. */
    private static void beatsAnew(Solo solo, int periods) {
        for (int i = 0; i < periods; i++) {
            solo.session(R, 2, Solo.generation(2, 2));
            solo.period(1);
        }
    }

    @Test
    void theCommOfTheDeadStaysUnderAnotherLockspaceThatStillRuns() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2).alsoRuns(BAR, R, 2);
        solo.periods(Solo.T + 2, 1);
        Mutation.Stop foo = solo.take(Mutation.Stop.class);
        solo.done(foo);
        solo.periods(3, 1);
        assertThat(solo.why(foo.name())).contains(ReasonCode.COMM_IN_USE);
        assertThat(solo.open(Mutation.RemoveComm.class)).isEmpty();
        solo.done(solo.take(Mutation.Stop.class));
        solo.done(solo.take(Mutation.RemoveComm.class));
    }

    @Test
    void theCommOfARebootedMemberGoesBeforeAnyStartThoughItsNewSlotDoesNotLiveYet() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.session(R, 2, Solo.generation(2, 2));
        solo.period(1);
        solo.done(solo.take(Mutation.Stop.class));
        solo.says(R, 2, 2, 2);
        solo.periods(2, 1);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
        solo.done(solo.take(Mutation.RemoveComm.class));
        solo.periods(1, 1);
        assertThat(solo.take(Mutation.Start.class).view().nodes()).hasSize(1);
    }

    @Test
    void theCommOfABootThatEndedWhileNoAgentRanGoesBeforeAnyStart() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        var memory = Core.memory(solo.state);
        var kernel = Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2);
        solo.session(R, 2, Solo.generation(2, 2));
        solo.says(R, 2, 2, 2);
        solo.start(memory, kernel);
        solo.periods(4, 1);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(2, 1);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
        solo.done(solo.take(Mutation.RemoveComm.class));
    }

    @Test
    void aFreshLifeIsNotTakenForTheOldOneThatStillSeemsToLiveInAnotherRegion() {
        Solo solo = new Solo(2, R, S).alive().peer(R, 2, 1, 1).peer(S, 2, 1, 1);
        solo.disk(S).board.remove(NodeNumber.of(2)); // in S it had not reported yet
        solo.start(dev.lockstep.kernel.Memory.blank(), dev.lockstep.kernel.KernelSnapshot.empty());
        solo.periods(4, 1, 2);
        // It resets; its new life beats in S only, and well before R's slot is silent for long.
        for (int i = 0; i < 3; i++) {
            solo.session(S, 2, Solo.generation(2, 2));
            solo.period(1);
        }
        solo.says(S, 2, 2, 2);
        solo.period(1);
        solo.session(S, 2, Solo.generation(2, 2));
        solo.period(1);
        assertThat(solo.state.evicted(NodeNumber.of(2), Solo.boot(2, 2))).isFalse();
        for (int i = 0; i < Solo.T + 3; i++) {
            solo.session(S, 2, Solo.generation(2, 2));
            solo.period(1);
        }
        assertThat(solo.state.evicted(NodeNumber.of(2), Solo.boot(2, 2))).isFalse();
        assertThat(solo.state.provenDead(NodeNumber.of(2), Solo.boot(2, 1))).isTrue();
    }

    /** A board that does not show a boot says nothing of it where its own board is not here. */
    @Test
    void theCommOfALivingBootStaysThoughOnlyAnEarlierOneIsOnTheBoardsThatAreHere() {
        Solo solo = new Solo(2, R, S).alive();
        solo.says(R, 2, 1, 1); // an earlier life's last word
        for (int i = 0; i < 4; i++) {
            solo.session(S, 2, Solo.generation(2, 2));
            solo.period(1);
        }
        solo.says(S, 2, 2, 2, Solo.joining(BAR, 1));
        solo.uevent(Uevent.Action.ONLINE, BAR);
        solo.periods(3, 1, 2);
        solo.done(solo.take(Mutation.AddComm.class));
        var memory = Core.memory(solo.state);
        assertThat(memory.comms()).containsEntry(NodeNumber.of(2), Solo.boot(2, 2));
        solo.disks.remove(S);
        solo.start(memory, new KernelSnapshot(new TreeMap<>(), new TreeSet<>(List.of(NodeNumber.of(2)))));
        solo.periods(3, 1);
        assertThat(solo.open(Mutation.RemoveComm.class)).isEmpty();
    }

    /** A comm that is removed under a start panics the kernel. */
    @Test
    void noStartReliesOnACommThatIsBeingRemoved() {
        Solo solo = new Solo(2, R, S).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.state = solo.state.with(
                solo.state.node().withInFlight(new Mutation.RemoveComm(NodeNumber.of(2), "was replaced")));
        solo.says(R, 2, 1, 1, Solo.joining(FOO, 2));
        solo.period(1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.period(1, 2);
        solo.follow(FOO, R, Phase.STOPPED, 2);
        solo.periods(2, 1, 2);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.COMM_NOT_READY);
    }

    @Test
    void aDeadPeersCommGoesDuringTheLastReleaseToo() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.uevent(Uevent.Action.OFFLINE, FOO);
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
        solo.done(solo.take(Mutation.ForgetMembers.class));
        solo.done(solo.take(Mutation.Answer.class));
        solo.periods(Solo.T + 3, 1);
        assertThat(solo.foo().reasons()).isNotEmpty();
        solo.done(solo.take(Mutation.RemoveComm.class));
    }

    private static void leaves(Solo solo, int node) {
        Epoch higher = solo.foo().epoch().next();
        solo.says(
                R,
                node,
                1,
                1,
                Solo.entry(FOO, 1, Phase.LEAVING, higher, solo.foo().view()));
        solo.period(1, node);
        solo.done(solo.take(Mutation.Stop.class));
        solo.period(1, node);
        solo.says(R, node, 1, 1);
        assertThat(solo.foo().view()).isNotEqualTo(View.EMPTY);
    }
}
