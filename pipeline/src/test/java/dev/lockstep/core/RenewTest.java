// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Phase;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.reason.ReasonCode;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** nodes/ID made anew: if and only if the same boot left and came back between two recoveries. */
class RenewTest {

    private static final NodeNumber TWO = NodeNumber.of(2);

    @Test
    void afterAFirstStartWhoseRecoveryWasNotSeenToBeginNobodyIsRenewedAgain() {
        View view =
                new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2).foo().view();
        KernelSide started = KernelSide.CREATED.withStart(new Epoch(1), view, 5);
        KernelSide doubtful = KernelSide.CREATED.withDoubtfulStart(new Epoch(1), view);
        assertThat(KernelSide.CREATED.renewedFor(view)).isNotEmpty();
        assertThat(started.withStop(0).renewedFor(view)).isEmpty();
        assertThat(doubtful.withStop(0).renewedFor(view)).isEmpty();
    }

    @Test
    void theFirstStartMakesAllOfThem() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        assertThat(lastStart(solo).renew()).containsExactly(NodeNumber.of(1), TWO);
    }

    @Test
    void anotherJoinOfTheSameBootIsRenewed() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        rejoins(solo, 2);
        assertThat(startsAgain(solo).renew()).containsExactly(TWO);
    }

    @Test
    void aRenewalIsRepeatedWhenItsStartWasSuperseded() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        rejoins(solo, 2);
        solo.done(startsAgain(solo));
        solo.publish();
        solo.follow(FOO, R, Phase.STARTED, 2);
        newEpoch(solo, 0); // stopped before the kernel took the members in
        assertThat(startsAgain(solo).renew()).containsExactly(TWO);
    }

    @Test
    void aRenewalThatTheKernelTookInIsNotRepeated() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        rejoins(solo, 2);
        solo.done(startsAgain(solo));
        solo.publish();
        solo.follow(FOO, R, Phase.STARTED, 2);
        newEpoch(solo, 1);
        assertThat(startsAgain(solo).renew()).isEmpty();
    }

    @Test
    void anotherGenerationOfTheSameJoinIsNeitherRenewedNorRecycled() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.session(R, 2, Solo.generation(2, 2));
        solo.period(1);
        solo.done(solo.take(Mutation.Stop.class));
        solo.session(R, 2, Solo.generation(2, 2));
        solo.period(1);
        var entry = solo.block(R, 2).lockspaces().get(0);
        solo.says(R, 2, 1, 2, entry);
        solo.periods(2, 1, 2);
        assertThat(solo.foo().view().member(TWO).orElseThrow().generation()).isEqualTo(Solo.generation(2, 2));
        assertThat(startsAgain(solo).renew()).isEmpty();
        assertThat(solo.ever).noneMatch(m -> m instanceof Mutation.RemoveComm);
    }

    @Test
    void whatWasAskedIsRememberedOverAnAgentRestart() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        rejoins(solo, 2);
        Mutation.Start start = startsAgain(solo);
        var memory = Core.memory(solo.state); // the shell saves it before it starts; then the agent dies
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0, 1, 2), 2));
        solo.periods(4, 1, 2);
        solo.end(solo.take(Mutation.Stop.class), new Outcome.Done(0));
        solo.periods(2, 1, 2);
        assertThat(startsAgain(solo).renew()).containsExactly(TWO);
        assertThat(start.renew()).containsExactly(TWO);
    }

    @Test
    void aStopWaitsUntilTheRecoveryThatTakesInARenewedMemberWasSeenToBegin() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        rejoins(solo, 2);
        solo.done(startsAgain(solo));
        solo.publish();
        asksForANewEpoch(solo);
        solo.read();
        assertThat(solo.open(Mutation.Stop.class)).isEmpty();
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.RECOVERY_RUNNING);
        solo.tick(1);
        solo.feed(new Evidence.RecoveryRead(solo.nowNs, solo.nowNs, FOO, 1, 2));
        solo.take(Mutation.Stop.class);
        var remembered =
                Objects.requireNonNull(Core.memory(solo.state).lockspaces().get(FOO));
        assertThat(remembered.processed()).isEqualTo(solo.foo().kernel().given()); // what a successor goes by
    }

    @Test
    void aRecoveryThatDoesNotBeginHoldsAStopForHalfASecondAtMost() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        rejoins(solo, 2);
        solo.done(startsAgain(solo));
        solo.publish();
        asksForANewEpoch(solo);
        solo.read();
        solo.tick(400);
        assertThat(solo.open(Mutation.Stop.class)).isEmpty();
        solo.tick(100);
        solo.take(Mutation.Stop.class);
    }

    @Test
    void aMemberThatTheKernelMayHaveTakenInUnseenIsRenewedWhenItComesBack() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R);
        rejoins(solo, 1);
        solo.follow(FOO, R, Phase.STOPPED, 2);
        solo.periods(2, 1, 2);
        solo.done(solo.take(Mutation.AddComm.class));
        Mutation.Start start = solo.take(Mutation.Start.class);
        assertThat(start.renew()).isEmpty(); // the kernel does not know it
        var memory = Core.memory(solo.state); // the start and a stop reach the kernel; then the agent dies
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0, 1, 2), 2));
        solo.says(R, 2, 1, 1, Solo.joining(FOO, 2));
        solo.periods(4, 1, 2);
        solo.end(solo.take(Mutation.Stop.class), new Outcome.Done(0));
        solo.periods(2, 1, 2);
        assertThat(startsAgain(solo).renew()).containsExactly(TWO);
    }

    @Test
    void aMemberOfAStartThatWasNotSeenToTakeItInIsRenewedThoughAStartWithoutItFailedMeanwhile() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R);
        rejoins(solo, 1);
        solo.follow(FOO, R, Phase.STOPPED, 2);
        solo.periods(2, 1, 2);
        solo.done(solo.take(Mutation.AddComm.class));
        solo.done(solo.take(Mutation.Start.class));
        solo.publish();
        solo.says(R, 2, 1, 1); // it leaves
        solo.period(1, 2);
        solo.end(solo.take(Mutation.Stop.class), new Outcome.Done(0));
        solo.periods(2, 1, 2);
        Mutation.Start alone = solo.take(Mutation.Start.class);
        assertThat(alone.view().nodes()).doesNotContain(TWO);
        var remembered =
                Objects.requireNonNull(Core.memory(solo.state).lockspaces().get(FOO));
        assertThat(remembered.processed().has(TWO))
                .as("were the agent killed now")
                .isTrue();
        solo.end(alone, new Outcome.Failed("EIO", Outcome.ErrorClass.AGAIN_LATER, "nothing was written"));
        solo.says(R, 2, 1, 1, Solo.joining(FOO, 2));
        solo.periods(2, 1, 2);
        solo.end(solo.take(Mutation.Stop.class), new Outcome.Done(0));
        solo.periods(2, 1, 2);
        assertThat(startsAgain(solo).renew()).containsExactly(TWO);
    }

    /** Node 2 leaves and is back before anybody started without it. */
    private static void rejoins(Solo solo, long join) {
        solo.says(R, 2, 1, 1, Solo.joining(FOO, join));
        solo.period(1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(2, 1, 2);
        assertThat(solo.foo().view().member(TWO).orElseThrow().join().value()).isEqualTo(join);
    }

    private static void newEpoch(Solo solo, int statusBefore) {
        asksForANewEpoch(solo);
        solo.period(1, 2);
        solo.end(solo.take(Mutation.Stop.class), new Outcome.Done(statusBefore));
        solo.periods(2, 1, 2);
    }

    private static void asksForANewEpoch(Solo solo) {
        solo.says(
                R,
                2,
                1,
                1,
                Solo.entry(
                        FOO,
                        2,
                        Phase.STOPPED,
                        solo.foo().epoch().next(),
                        solo.foo().view()));
    }

    private static Mutation.Start startsAgain(Solo solo) {
        solo.follow(FOO, R, Phase.STOPPED, 2);
        solo.periods(2, 1, 2);
        return solo.take(Mutation.Start.class);
    }

    private static Mutation.Start lastStart(Solo solo) {
        return solo.ever.stream()
                .filter(Mutation.Start.class::isInstance)
                .map(Mutation.Start.class::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}
