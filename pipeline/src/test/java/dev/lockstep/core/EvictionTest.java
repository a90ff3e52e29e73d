// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static dev.lockstep.core.Solo.S;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.Eviction;
import dev.lockstep.board.Eviction.Kind;
import dev.lockstep.board.Report;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.reason.ReasonCode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rule 9 and section 8: verdicts. */
class EvictionTest {

    private static final NodeNumber TWO = NodeNumber.of(2);
    private static final NodeNumber THREE = NodeNumber.of(3);

    @Test
    void aTimeoutIsPublishedBeforeAStartReliesOnIt() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.writesReports = false;
        solo.periods(Solo.T + 2, 1);
        assertThat(solo.state.provenDead(TWO, Solo.boot(2, 1))).isTrue();
        solo.done(solo.take(Mutation.Stop.class));
        solo.done(solo.take(Mutation.RemoveComm.class));
        solo.periods(2, 1);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
        assertThat(solo.why(FOO)).contains(ReasonCode.PROOF_UNPUBLISHED);
        solo.writesReports = true;
        solo.periods(2, 1);
        solo.take(Mutation.Start.class);
    }

    @Test
    void aVerdictIsReadBackFromTheOwnBlockAfterAnAgentRestart() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.periods(Solo.T + 2, 1);
        assertThat(solo.block(R, 1).evicts(TWO, Solo.boot(2, 1))).isTrue();
        solo.start(Memory.blank(), KernelSnapshot.empty());
        solo.read();
        assertThat(solo.state.provenDead(TWO, Solo.boot(2, 1))).isTrue();
    }

    @Test
    void anEvictedBootStaysOutUnderANewGenerationAndItsNextBootIsTakenIn() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.periods(Solo.T + 2, 1);
        solo.done(solo.take(Mutation.Stop.class));
        solo.peer(R, 2, 1, 2);
        solo.says(R, 2, 1, 2, Solo.joining(FOO, 2));
        solo.periods(3, 1, 2);
        assertThat(solo.foo().view().nodes()).doesNotContain(TWO);
        solo.peer(R, 2, 2, 3);
        solo.says(R, 2, 2, 3, Solo.joining(FOO, 1));
        solo.periods(3, 1, 2);
        assertThat(solo.foo().view().nodes()).contains(TWO);
    }

    @Test
    void theVerdictOfAnEvictedWriterIsHonouredToo() {
        Solo solo = new Solo(3, R).alive().peer(R, 2, 1, 1).peer(R, 3, 1, 1);
        solo.says(R, 2, 1, 1, Solo.joining(FOO, 1));
        solo.writes(evicting(solo, 3, new Eviction(TWO, Solo.boot(2, 1), Generation.NONE, Kind.MUST_GO)));
        solo.feed(new Evidence.FenceAcknowledged(solo.nowNs, THREE, Solo.boot(3, 1)));
        solo.runs(FOO, R);
        assertThat(solo.foo().view().nodes()).containsExactly(NodeNumber.of(1));
    }

    @Test
    void whoIsNamedInAnEvictRecordGoes() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.writes(evicting(solo, 2, new Eviction(NodeNumber.of(1), Solo.boot(1, 1), Generation.NONE, Kind.TIMEOUT)));
        solo.periods(1, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
        assertThat(solo.block(R, 1).mustGo()).isTrue();
        solo.take(Mutation.ResetNode.class);
    }

    @Test
    void aResetThatFailedIsTriedAgain() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.writes(evicting(solo, 2, new Eviction(NodeNumber.of(1), Solo.boot(1, 1), Generation.NONE, Kind.TIMEOUT)));
        solo.periods(1, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
        solo.end(
                solo.take(Mutation.ResetNode.class),
                new Outcome.Failed("EIO", Outcome.ErrorClass.LASTING, "sysrq-trigger: EIO"));
        solo.periods(5, 1, 2);
        solo.take(Mutation.ResetNode.class);
    }

    @Test
    void aProofReplacesTheOrderToGoAndIsNotReplacedByOne() {
        Solo solo = new Solo(2, R);
        Eviction order = new Eviction(TWO, Solo.boot(2, 1), Generation.NONE, Kind.MUST_GO);
        Eviction proof = new Eviction(TWO, Solo.boot(2, 1), Generation.NONE, Kind.FENCED);
        State ordered = solo.state.withEviction(order);
        assertThat(ordered.evicted(TWO, Solo.boot(2, 1))).isTrue();
        assertThat(ordered.provenDead(TWO, Solo.boot(2, 1))).isFalse();
        State proven = ordered.withEviction(proof);
        assertThat(proven.evictions()).containsExactly(proof);
        assertThat(proven.withEviction(order).evictions()).containsExactly(proof);
    }

    @Test
    void aFenceAckGivenToAnotherNodeIsAProofHere() {
        Solo solo = new Solo(FenceMode.MANUAL, 3, R).alive().peer(R, 2, 1, 1).peer(R, 3, 1, 1);
        solo.runs(FOO, R, 2, 3);
        solo.periods(Solo.T + 2, 1, 2);
        assertThat(solo.state.provenDead(THREE, Solo.boot(3, 1))).isFalse();
        solo.writes(evicting(solo, 2, new Eviction(THREE, Solo.boot(3, 1), Generation.NONE, Kind.ACKNOWLEDGED)));
        solo.periods(1, 1, 2);
        assertThat(solo.state.provenDead(THREE, Solo.boot(3, 1))).isTrue();
        assertThat(solo.block(R, 1).evicts(THREE, Solo.boot(3, 1))).isTrue();
    }

    @Test
    void anothersTimeoutIsNoProofHere() {
        Solo solo = new Solo(3, R).alive().peer(R, 2, 1, 1).peer(R, 3, 1, 1).runs(FOO, R, 2, 3);
        solo.writes(evicting(solo, 2, new Eviction(THREE, Solo.boot(3, 1), Generation.NONE, Kind.TIMEOUT)));
        solo.periods(2, 1, 2, 3);
        assertThat(solo.state.evicted(THREE, Solo.boot(3, 1))).isTrue();
        assertThat(solo.state.provenDead(THREE, Solo.boot(3, 1))).isFalse();
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(2, 1, 2, 3);
        assertThat(solo.why(FOO)).contains(ReasonCode.UNSETTLED);
    }

    @Test
    void whoSaysThatItMustGoIsInNoView() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        Report before = solo.block(R, 2);
        solo.writes(new Report(
                before.region(),
                before.node(),
                before.boot(),
                before.generation(),
                before.seq() + 1,
                before.settings(),
                true,
                before.floor(),
                before.evictions(),
                before.lockspaces()));
        solo.periods(1, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(2, 1, 2);
        assertThat(solo.foo().view().nodes()).doesNotContain(TWO);
        assertThat(solo.why(FOO)).contains(ReasonCode.UNSETTLED);
        assertThat(solo.open(Mutation.Start.class)).isEmpty();
    }

    @Test
    void aSlotThatCannotBeReadAnyMoreMayHaveSaidThatItsNodeLeftAndProvesNothing() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.disk(R).garbledSlots.add(NodeNumber.of(2));
        solo.disk(R).unreadable.add(NodeNumber.of(2)); // nor does the block tell anything later
        solo.periods(2 * Solo.T, 1);
        assertThat(solo.slot(R, 2).timedOut()).isTrue();
        assertThat(solo.state.evictions()).isEmpty();
        solo.disk(R).garbledSlots.clear(); // it was read badly, and says what it said
        solo.period(1);
        assertThat(solo.state.evictions()).hasSize(1);
    }

    @Test
    void whoLeavesAnotherRegionInGoodOrderWhileItIsSilentHereIsNotProvenDead() {
        Solo solo = new Solo(2, R, S).alive().peer(R, 2, 1, 1).peer(S, 2, 1, 1).runs(FOO, R, 2);
        for (int i = 0; i < 3; i++) {
            solo.beat(S, 2);
            solo.period(1);
        }
        solo.session(S, 2, Generation.NONE);
        solo.periods(2 * Solo.T, 1);
        assertThat(solo.slot(R, 2).timedOut()).isTrue();
        assertThat(solo.slot(S, 2).cause()).isEqualTo(SlotState.Cause.LEFT);
        assertThat(solo.state.evictions()).isEmpty();
    }

    @Test
    void whoLeavesARegionInGoodOrderWhereThisNodeDoesNotBeatIsNotProvenDeadEither() {
        Solo solo = new Solo(2, R, S).alive().peer(R, 2, 1, 1).peer(S, 2, 1, 1).runs(FOO, R, 2);
        for (int i = 0; i < 5; i++) {
            solo.beat(R, 1); // our writes to S hang
            solo.beat(S, 2);
            solo.period();
        }
        solo.session(S, 2, Generation.NONE);
        solo.periods(2 * Solo.T, 1);
        assertThat(solo.slot(R, 2).timedOut()).isTrue();
        assertThat(solo.state.evictions()).isEmpty();
    }

    @Test
    void whoLeftAnotherRegionBeforeItFellSilentHereIsProvenDead() {
        Solo solo = new Solo(2, R, S).alive().peer(R, 2, 1, 1).peer(S, 2, 1, 1).runs(FOO, R, 2);
        solo.session(S, 2, Generation.NONE);
        solo.periods(2 * Solo.T, 1);
        assertThat(solo.slot(S, 2).cause()).isEqualTo(SlotState.Cause.LEFT);
        assertThat(solo.state.evictions()).hasSize(1);
    }

    @Test
    void whoLeftBehindAPathThatShowedOldSlotsAndThenDiedIsProvenDead() {
        Solo solo = new Solo(2, R, S).alive().peer(R, 2, 1, 1).peer(S, 2, 1, 1).runs(FOO, R, 2);
        for (int i = 0; i < 5; i++) {
            solo.beat(R, 1); // of S is read what was there before, our own beats too
            solo.period();
        }
        solo.session(S, 2, Generation.NONE);
        solo.periods(2 * Solo.T, 1);
        assertThat(solo.slot(S, 2).cause()).isEqualTo(SlotState.Cause.LEFT);
        assertThat(solo.state.evictions()).hasSize(1);
    }

    @Test
    void whoWasSilentReportedBeatOnceMoreAndDiedIsProvenDead() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R);
        solo.periods(Solo.T + 2, 1);
        solo.says(R, 2, 1, 1, Solo.joining(FOO, 1));
        solo.period(1);
        solo.period(1, 2);
        solo.periods(Solo.T + 2, 1);
        assertThat(solo.slot(R, 2).timedOut()).isTrue();
        assertThat(solo.state.evictions()).hasSize(1);
    }

    @Test
    void aBoardThatIsReadAgainDuringEachScanDoesNotPutOffAVerdict() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        for (int i = 0; i < Solo.T + 2; i++) {
            solo.tick(Solo.PERIOD / Solo.MS - 1);
            solo.beat(R, 1);
            long begunNs = solo.nowNs;
            solo.tick(1);
            solo.read(R);
            solo.scan(R, begunNs);
        }
        assertThat(solo.slot(R, 2).timedOut()).isTrue();
        assertThat(solo.state.evictions()).hasSize(1);
    }

    @Test
    void aReportThatIsFirstReadDuringTheLastScanMayBeOfALifeThatTheScanDidNotSee() {
        Solo solo = new Solo(2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        while (!solo.slot(R, 2).timedOut()) {
            solo.tick(Solo.PERIOD / Solo.MS - 1);
            solo.beat(R, 1);
            long begunNs = solo.nowNs;
            solo.tick(1);
            solo.says(R, 2, 1, 1, Solo.joining(FOO, 1));
            solo.read(R);
            solo.scan(R, begunNs);
        }
        assertThat(solo.state.evictions()).isEmpty();
    }

    @Test
    void withFenceManualATimeoutIsNoProof() {
        Solo solo = new Solo(FenceMode.MANUAL, 2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.periods(Solo.T + 2, 1);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(3, 1);
        assertThat(solo.why(FOO)).contains(ReasonCode.UNSETTLED);
        solo.feed(new Evidence.FenceAcknowledged(solo.nowNs, TWO, Solo.boot(2, 1)));
        solo.done(solo.take(Mutation.RemoveComm.class));
        solo.periods(2, 1);
        solo.take(Mutation.Start.class);
    }

    @Test
    void theVerdictsOfManyYearsFitTheSmallestBoard() {
        Solo solo = new Solo(8, R).alive();
        State state = solo.state;
        for (int life = 1; life <= 100; life++) {
            for (int node = 2; node <= 8; node++) {
                state = state.withEviction(new Eviction(
                        NodeNumber.of(node), Solo.boot(node, life), Solo.generation(node, life), Kind.TIMEOUT));
            }
        }
        Report own = solo.block(R, 1);
        Report full = new Report(
                R,
                own.node(),
                own.boot(),
                own.generation(),
                1,
                own.settings(),
                false,
                own.floor(),
                state.evictions(),
                List.of());
        assertThat(BoardCodec.encodedBytes(full)).isLessThan(1024);
        for (int node = 2; node <= 8; node++) {
            assertThat(state.provenDead(NodeNumber.of(node), Solo.boot(node, 100)))
                    .isTrue();
        }
    }

    @Test
    void verdictsThatNobodyNeedsAreNotTakenOverFromOthers() {
        Solo solo = new Solo(3, R).alive().peer(R, 2, 1, 1).peer(R, 3, 9, 1);
        List<Eviction> old = IntStream.range(1, 9)
                .mapToObj(life -> new Eviction(THREE, Solo.boot(3, life), Generation.NONE, Kind.ACKNOWLEDGED))
                .toList();
        solo.writes(evicting(solo, 2, old.toArray(Eviction[]::new)));
        solo.periods(2, 1, 2, 3);
        assertThat(solo.state.evictions()).isEmpty();
    }

    private static Report evicting(Solo solo, int writer, Eviction... verdicts) {
        Report before = solo.block(R, writer);
        return new Report(
                before.region(),
                before.node(),
                before.boot(),
                before.generation(),
                before.seq() + 1,
                before.settings(),
                before.mustGo(),
                before.floor(),
                List.of(verdicts),
                before.lockspaces());
    }
}
