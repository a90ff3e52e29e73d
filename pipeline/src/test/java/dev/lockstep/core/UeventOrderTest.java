// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Phase;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.uevent.Uevent;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A lost, doubled, late or reordered event costs time, never correctness. */
class UeventOrderTest {

    @Test
    void aJoinThatComesBeforeTheLastLeavesAnswerIsHeardIsNotForgotten() {
        Solo solo = joinedAlone();
        Mutation.Answer answer = toTheAnswerOfARelease(solo);
        solo.uevent(Uevent.Action.REMOVE, Solo.FOO);
        solo.uevent(Uevent.Action.ONLINE, Solo.FOO);
        solo.done(answer);
        assertThat(solo.foo().unanswered()).contains(Uevent.Action.ONLINE);
        solo.periods(4, 1);
        solo.done(solo.take(Mutation.Start.class));
    }

    @Test
    void aJoinWhoseRemoveWasLostIsNotForgottenEither() {
        Solo solo = joinedAlone();
        Mutation.Answer answer = toTheAnswerOfARelease(solo);
        solo.uevent(Uevent.Action.ONLINE, Solo.FOO);
        solo.done(answer);
        solo.periods(4, 1);
        solo.done(solo.take(Mutation.Start.class));
        solo.periods(1, 1);
        assertThat(solo.take(Mutation.Answer.class).question()).isEqualTo(Uevent.Action.ONLINE);
    }

    @Test
    void aRefusalsLateResultDoesNotAnswerTheNextJoin() {
        Solo solo = new Solo(2, Solo.R, Solo.S).alive();
        solo.uevent(Uevent.Action.ONLINE, new LockspaceName("nobody"));
        Mutation.Answer refusal = solo.take(Mutation.Answer.class);
        solo.uevent(Uevent.Action.REMOVE, refusal.name());
        solo.uevent(Uevent.Action.ONLINE, refusal.name());
        solo.done(refusal);
        assertThat(solo.take(Mutation.Answer.class)).isEqualTo(refusal);
    }

    @Test
    void aReleaseThatComesBeforeTheJoinsAnswerIsSeenToEndIsAnsweredToo() {
        Solo solo = new Solo(2, Solo.R).alive();
        solo.uevent(Uevent.Action.ONLINE, Solo.FOO);
        solo.periods(4, 1);
        solo.done(solo.take(Mutation.Start.class));
        Mutation.Answer joined = solo.take(Mutation.Answer.class);
        solo.uevent(Uevent.Action.OFFLINE, Solo.FOO);
        solo.done(joined);
        assertThat(solo.foo().unanswered()).contains(Uevent.Action.OFFLINE);
        solo.recovered(Solo.FOO);
        solo.done(solo.take(Mutation.Stop.class));
    }

    @Test
    void aReadingBegunBeforeAStartDoesNotUndoIt() {
        Solo solo = new Solo(2, Solo.R).alive();
        solo.uevent(Uevent.Action.ONLINE, Solo.FOO);
        solo.periods(3, 1);
        long readFromNs = solo.nowNs;
        KernelSnapshot asItWas = Solo.kernel(found(0, 0, Optional.of(Uevent.Action.ONLINE)));
        solo.tick(1);
        solo.done(solo.take(Mutation.Start.class));
        solo.done(solo.take(Mutation.Answer.class));
        solo.tick(1);
        solo.feed(new Evidence.KernelRead(solo.nowNs, readFromNs, asItWas, true));
        assertThat(solo.foo().kernel().run()).isEqualTo(KernelSide.Run.RUNNING);
        assertThat(solo.foo().phase()).contains(Phase.STARTED);
    }

    @Test
    void aReadingBegunBeforeAnAnswerDoesNotAnswerTwice() {
        Solo solo = joinedAlone();
        long readFromNs = solo.nowNs;
        solo.tick(1);
        Mutation.Answer answer = toTheAnswerOfARelease(solo);
        solo.done(answer);
        KernelSnapshot asItWas = Solo.kernel(found(Solo.FOO.globalId(), 0, Optional.of(Uevent.Action.OFFLINE)));
        solo.feed(new Evidence.KernelRead(solo.nowNs, readFromNs, asItWas, true));
        solo.periods(2, 1);
        assertThat(solo.open).isEmpty();
    }

    @Test
    void aReadingBegunBeforeAReleaseWasOverDoesNotAnswerTheNextCreate() {
        Solo solo = joinedAlone();
        long readFromNs = solo.nowNs;
        solo.tick(1);
        solo.done(toTheAnswerOfARelease(solo));
        solo.uevent(Uevent.Action.REMOVE, Solo.FOO);
        KernelSnapshot asItWas = Solo.kernel(found(Solo.FOO.globalId(), 0, Optional.of(Uevent.Action.OFFLINE)));
        solo.feed(new Evidence.KernelRead(solo.nowNs, readFromNs, asItWas, true));
        solo.periods(2, 1);
        assertThat(solo.open).isEmpty();
    }

    @Test
    void aReadingBegunBeforeAReleaseDoesNotReleaseTheNextOneThatRuns() {
        Solo solo = joinedAlone();
        long readFromNs = solo.nowNs;
        solo.tick(1);
        solo.done(toTheAnswerOfARelease(solo));
        solo.uevent(Uevent.Action.REMOVE, Solo.FOO);
        solo.periods(1, 1);
        solo.uevent(Uevent.Action.ONLINE, Solo.FOO);
        solo.periods(4, 1);
        solo.done(solo.take(Mutation.Start.class));
        solo.publish();
        solo.done(solo.take(Mutation.Answer.class));
        solo.recovered(Solo.FOO);
        KernelSnapshot asItWas = Solo.kernel(found(Solo.FOO.globalId(), 0, Optional.of(Uevent.Action.OFFLINE)));
        solo.feed(new Evidence.KernelRead(solo.nowNs, readFromNs, asItWas, true));
        solo.periods(2, 1);
        assertThat(solo.open).isEmpty();
        assertThat(solo.foo().phase()).contains(Phase.STARTED);
    }

    @Test
    void aDoubledOnlineIsNoNewLockspace() {
        Solo solo = joinedAlone();
        solo.uevent(Uevent.Action.ONLINE, Solo.FOO);
        solo.periods(2, 1);
        assertThat(solo.foo().kernel().run()).isEqualTo(KernelSide.Run.RUNNING);
        assertThat(solo.foo().phase()).contains(Phase.STARTED);
        assertThat(solo.open).isEmpty();
    }

    @Test
    void aLockspaceMadeAnewBehindLostEventsIsJoined() {
        Solo solo = joinedAlone();
        Mutation.Answer answer = toTheAnswerOfARelease(solo);
        solo.done(answer);
        solo.tick(10);
        long readFromNs = solo.nowNs;
        solo.tick(1);
        KernelSnapshot now = Solo.kernel(found(0, 0, Optional.of(Uevent.Action.ONLINE)));
        solo.feed(new Evidence.KernelRead(solo.nowNs, readFromNs, now, true));
        solo.periods(4, 1);
        solo.done(solo.take(Mutation.Start.class));
    }

    @Test
    void aLockspaceMadeAnewBehindLostEventsIsJoinedThoughTheAnswerIsNotHeardYet() {
        Solo solo = joinedAlone();
        Mutation.Answer answer = toTheAnswerOfARelease(solo);
        solo.tick(10);
        long readFromNs = solo.nowNs;
        solo.tick(1);
        KernelSnapshot now = Solo.kernel(found(0, 0, Optional.of(Uevent.Action.ONLINE)));
        solo.feed(new Evidence.KernelRead(solo.nowNs, readFromNs, now, true));
        solo.done(answer);
        solo.periods(4, 1);
        solo.done(solo.take(Mutation.Start.class));
    }

    @Test
    void aRemoveThatComesBehindTheReadingForLostEventsDoesNotForgetTheNextJoin() {
        Solo solo = createdAnewBehindLostEvents();
        solo.uevent(Uevent.Action.REMOVE, Solo.FOO);
        solo.periods(4, 1);
        solo.done(solo.take(Mutation.Start.class));
    }

    /** Dropped, it would come back with the next event as one that was never started, and its kernel run on. */
    @Test
    void aRemoveThatComesEvenLaterDoesNotForgetWhatRuns() {
        Solo solo = createdAnewBehindLostEvents();
        solo.periods(4, 1);
        solo.done(solo.take(Mutation.Start.class));
        solo.publish();
        solo.done(solo.take(Mutation.Answer.class));
        LockspaceState running = solo.foo();
        solo.uevent(Uevent.Action.REMOVE, Solo.FOO);
        solo.uevent(Uevent.Action.ADD, Solo.FOO);
        solo.uevent(Uevent.Action.ONLINE, Solo.FOO);
        assertThat(solo.foo()).isEqualTo(running);
        assertThat(solo.open).isEmpty();
    }

    @Test
    void aReleaseThatComesBehindTheNextCreateDoesNotAnswerIt() {
        Solo solo = createdAnewBehindLostEvents();
        solo.uevent(Uevent.Action.OFFLINE, Solo.FOO);
        solo.periods(4, 1);
        solo.done(solo.take(Mutation.Start.class));
        solo.publish();
        assertThat(solo.take(Mutation.Answer.class).question()).isEqualTo(Uevent.Action.ONLINE);
    }

    @Test
    void aCreateAfterARefusedOneBehindLostEventsIsAnsweredThoughTheRefusalIsHeardLate() {
        Solo solo = new Solo(2, Solo.R, Solo.S).alive();
        Mutation.Answer refusal = toTheRefusalOfACreate(solo);
        long writtenNs = solo.nowNs;
        solo.tick(10);
        long readFromNs = solo.nowNs;
        solo.tick(10);
        solo.open.remove(refusal);
        solo.feed(new Evidence.Applied(writtenNs, refusal, Outcome.Done.DONE));
        solo.feed(lostEvents(solo, refusal.name(), readFromNs));
        assertThat(solo.take(Mutation.Answer.class)).isEqualTo(refusal);
    }

    @Test
    void aCreateAfterARefusedOneBehindLostEventsIsAnsweredToo() {
        Solo solo = new Solo(2, Solo.R, Solo.S).alive();
        Mutation.Answer refusal = toTheRefusalOfACreate(solo);
        solo.done(refusal);
        solo.tick(1);
        solo.feed(lostEvents(solo, refusal.name(), solo.nowNs));
        assertThat(solo.take(Mutation.Answer.class)).isEqualTo(refusal);
    }

    @Test
    void aReadingBegunBeforeARefusalDoesNotRefuseTwice() {
        Solo solo = new Solo(2, Solo.R, Solo.S).alive();
        Mutation.Answer refusal = toTheRefusalOfACreate(solo);
        long readFromNs = solo.nowNs;
        solo.tick(1);
        solo.done(refusal);
        solo.feed(lostEvents(solo, refusal.name(), readFromNs));
        assertThat(solo.open).isEmpty();
    }

    /** Released and created again, of which only the reading tells. */
    private static Solo createdAnewBehindLostEvents() {
        Solo solo = joinedAlone();
        solo.done(toTheAnswerOfARelease(solo));
        solo.tick(10);
        KernelSnapshot now = Solo.kernel(found(0, 0, Optional.of(Uevent.Action.ONLINE)));
        solo.feed(new Evidence.KernelRead(solo.nowNs, solo.nowNs, now, true));
        return solo;
    }

    private static Mutation.Answer toTheRefusalOfACreate(Solo solo) {
        solo.uevent(Uevent.Action.ONLINE, new LockspaceName("nobody"));
        return solo.take(Mutation.Answer.class);
    }

    private static Evidence lostEvents(Solo solo, LockspaceName asking, long readFromNs) {
        KernelLockspace born = new KernelLockspace(asking, 0, 0, 0, new TreeSet<>(), Optional.of(Uevent.Action.ONLINE));
        return new Evidence.KernelRead(solo.nowNs, readFromNs, Solo.kernel(born), true);
    }

    private static Solo joinedAlone() {
        Solo solo = new Solo(2, Solo.R).alive().runs(Solo.FOO, Solo.R);
        solo.periods(2, 1);
        assertThat(solo.foo().phase()).contains(Phase.STARTED);
        return solo;
    }

    private static Mutation.Answer toTheAnswerOfARelease(Solo solo) {
        solo.uevent(Uevent.Action.OFFLINE, Solo.FOO);
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
        solo.done(solo.take(Mutation.ForgetMembers.class));
        return solo.take(Mutation.Answer.class);
    }

    private static KernelLockspace found(int id, int status, Optional<Uevent.Action> unanswered) {
        return new KernelLockspace(Solo.FOO, id, status, 0, new TreeSet<>(), unanswered);
    }
}
