// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static dev.lockstep.core.Solo.S;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.Report;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.uevent.Uevent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Section 8: what makes a node go, and how it goes. */
class MustGoTest {

    private static final NodeNumber ONE = NodeNumber.of(1);

    private static Solo running(FenceMode fence) {
        return new Solo(fence, 2, R).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
    }

    /** It stops its lockspace, says EVICT-ME, and then resets. */
    private static void goes(Solo solo, String why) {
        assertThat(solo.state.mustGo())
                .hasValueSatisfying(said -> assertThat(said).contains(why));
        assertThat(solo.open(Mutation.ResetNode.class)).isEmpty();
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
        assertThat(solo.block(R, 1).mustGo()).isTrue();
        solo.take(Mutation.ResetNode.class);
    }

    private static Report by(Solo solo, int life, Eviction... evictions) {
        Report before = solo.block(R, 2);
        return new Report(
                R,
                before.node(),
                Solo.boot(2, life),
                before.generation(),
                before.seq() + 1,
                before.settings(),
                false,
                before.floor(),
                List.of(evictions),
                before.lockspaces());
    }

    @Test
    void aNodeDeclaredDeadThatBeatsOnUnderItsGenerationGoes() {
        Solo solo = running(FenceMode.SELF);
        solo.writes(by(solo, 1, new Eviction(ONE, Solo.boot(1, 1), Solo.generation(1, 1), Eviction.Kind.TIMEOUT)));
        solo.periods(1, 1, 2);
        goes(solo, "an evict record names this boot");
    }

    @Test
    void anEvictRecordOfAnyKindAndOfAnyWriterIsObeyed() {
        for (Eviction.Kind kind : Eviction.Kind.values()) {
            Solo solo = running(FenceMode.COMMAND);
            solo.writes(by(solo, 1, new Eviction(ONE, Solo.boot(1, 1), Generation.NONE, kind)));
            solo.periods(1, 1, 2);
            goes(solo, "an evict record names this boot");
        }
    }

    @Test
    void anEvictRecordOfAnEarlierBootIsNotAboutThisOne() {
        Solo solo = running(FenceMode.SELF);
        solo.writes(by(solo, 1, new Eviction(ONE, Solo.boot(1, 7), Generation.NONE, Eviction.Kind.TIMEOUT)));
        solo.periods(3, 1, 2);
        assertThat(solo.state.mustGo()).isEmpty();
    }

    @Test
    void aNodeWhoseOwnHeartbeatDoesNotAdvanceForAllButOnePeriodsOfTheThresholdGoes() {
        Solo solo = running(FenceMode.SELF);
        solo.periods(Solo.T - 2, 2);
        assertThat(solo.state.mustGo()).isEmpty();
        solo.periods(1, 2);
        goes(solo, "own heartbeat in region R did not advance");
    }

    /** Its wall clock was set back meanwhile, so that the slot shows the second that it showed before. */
    @Test
    void anAgentThatStoodStillBetweenScansDoesNotTakeItsOwnHeartbeatForStanding() {
        Solo solo = running(FenceMode.SELF);
        solo.nowNs += Solo.T * Solo.PERIOD;
        solo.scan(R, solo.nowNs);
        solo.tick(1000);
        assertThat(solo.state.mustGo()).isEmpty();
        solo.periods(Solo.T - 1, 2); // it does stand
        goes(solo, "own heartbeat in region R did not advance");
    }

    @Test
    void anAgentThatStoodStillInAScanDoesNotTakeItsOwnHeartbeatForStanding() {
        Solo solo = running(FenceMode.SELF);
        long begunNs = solo.nowNs;
        solo.nowNs += Solo.T * Solo.PERIOD;
        solo.beat(R, 1);
        solo.beat(R, 2);
        solo.scan(R, begunNs); // and just now it saw a beat
        solo.tick(1000);
        solo.scan();
        assertThat(solo.state.mustGo()).isEmpty();
    }

    @Test
    void aNodeWhoseRegionIsTakenAwayUnderALockspaceGoes() {
        Solo solo = running(FenceMode.SELF);
        solo.feed(new Evidence.RegionGone(solo.nowNs, R, "rmdir"));
        assertThat(solo.state.mustGo())
                .hasValueSatisfying(why -> assertThat(why).contains("taken away"));
        solo.done(solo.take(Mutation.Stop.class));
        solo.tick(1);
        solo.take(Mutation.ResetNode.class); // nowhere to say so
    }

    /** Whoever reads how its reset ended has not been reset. */
    @Test
    void aResetThatReturnsIsOrderedAgainWhateverItSays() {
        Solo solo = running(FenceMode.SELF);
        solo.feed(new Evidence.RegionGone(solo.nowNs, R, "rmdir"));
        solo.done(solo.take(Mutation.Stop.class));
        solo.tick(1);
        solo.done(solo.take(Mutation.ResetNode.class));
        assertThat(solo.open(Mutation.ResetNode.class)).isEmpty();
        solo.tick(100);
        solo.done(solo.take(Mutation.ResetNode.class));
        solo.tick(200);
        solo.take(Mutation.ResetNode.class);
    }

    /** The write that makes or removes a comm may hang in the kernel. */
    @Test
    void noWorkOnACommHoldsUpTheReset() {
        Solo solo = new Solo(FenceMode.SELF, 2, R).alive().peer(R, 2, 1, 1);
        solo.says(R, 2, 1, 1, Solo.joining(FOO, 1));
        solo.uevent(Uevent.Action.ONLINE, FOO);
        solo.periods(3, 1, 2);
        Mutation comm = solo.take(Mutation.AddComm.class);
        solo.writes(by(solo, 1, new Eviction(ONE, Solo.boot(1, 1), Generation.NONE, Eviction.Kind.MUST_GO)));
        solo.periods(1, 1, 2);
        Mutation reset = solo.take(Mutation.ResetNode.class);

        solo.end(comm, new Outcome.Failed("EINVAL", Outcome.ErrorClass.LASTING, "no"));
        solo.tick(1);
        solo.end(reset, new Outcome.Failed("EIO", Outcome.ErrorClass.AGAIN_LATER, "still here"));
        solo.tick(100);
        solo.take(Mutation.ResetNode.class);
    }

    @Test
    void aRegionThatWasTakenAwayWhileNoAgentRanMakesTheNodeGoBeforeItsPeersTakeItForDead() {
        Solo solo = restartedWithoutItsRegion();
        solo.tick(5_000); // of the 12 s of silence
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.REGION_STARTING);
        assertThat(solo.foo().reasons().get(0).detail()).contains("region R");
        assertThat(solo.open).isEmpty();
        assertThat(solo.state.mustGo()).isEmpty();
        solo.tick(1_000);
        assertThat(solo.state.mustGo())
                .hasValueSatisfying(why -> assertThat(why).contains("region R did not come back"));
        solo.done(solo.take(Mutation.Stop.class));
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.MUST_GO);
        solo.take(Mutation.ResetNode.class); // nowhere to say so
    }

    /** The others wait for LEAVING, and that can be said nowhere. */
    @Test
    void aReleaseIsNotAnsweredWhileTheRegionThatTheLockspaceRanByIsNotThere() {
        Solo solo = restartedWithoutItsRegion();
        solo.uevent(Uevent.Action.OFFLINE, FOO);
        solo.tick(6_000);
        solo.done(solo.take(Mutation.Stop.class));
        solo.tick(5_000);
        assertThat(solo.open).singleElement().isInstanceOf(Mutation.ResetNode.class);
    }

    private static Solo restartedWithoutItsRegion() {
        Solo solo = running(FenceMode.SELF);
        Memory memory = Core.memory(solo.state);
        solo.disks.remove(R);
        solo.start(memory, Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        return solo;
    }

    @Test
    void aNodeWhoseHeartbeatSessionEndsUnderALockspaceGoes() {
        Solo solo = running(FenceMode.SELF);
        solo.disk(R).slots.put(ONE, new SlotBlock(99, 1, Generation.NONE, Solo.T * 2000L));
        solo.periods(1, 2);
        goes(solo, "stopped heartbeating in region R");
    }

    @Test
    void aRegionThatGuardsNothingMayComeAndGo() {
        Solo solo = new Solo(FenceMode.SELF, 2, R, S).alive().peer(R, 2, 1, 1).runs(FOO, R, 2);
        solo.feed(new Evidence.RegionGone(solo.nowNs, S, "rmdir"));
        solo.periods(2, 1, 2);
        assertThat(solo.state.mustGo()).isEmpty();
    }

    @Test
    void aSessionThatEndsAndBeginsAnewUnderOneBootOnlyOpensAnEpoch() {
        Solo solo = running(FenceMode.SELF);
        Epoch before = solo.foo().epoch();
        int mutations = solo.ever.size();
        solo.session(R, 1, Solo.generation(1, 2));
        solo.periods(1, 2);
        solo.periods(3, 1, 2);
        assertThat(solo.state.mustGo()).isEmpty();
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(2, 1, 2);
        assertThat(solo.foo().epoch()).isGreaterThan(before);
        assertThat(solo.foo().view().member(ONE))
                .hasValueSatisfying(m -> assertThat(m.generation()).isEqualTo(Solo.generation(1, 2)));
        solo.agree(FOO, R, 2);
        List<Mutation> since = solo.ever.subList(mutations, solo.ever.size());
        assertThat(since).noneMatch(m -> m instanceof Mutation.RemoveComm || m instanceof Mutation.AddComm);
        assertThat(since)
                .filteredOn(Mutation.Start.class::isInstance)
                .allSatisfy(
                        start -> assertThat(((Mutation.Start) start).renew()).isEmpty());
    }

    @Test
    void aSecondMachineUnderTheNumberIsNamed() {
        Solo solo = running(FenceMode.SELF);
        Report own = solo.block(R, 1);
        solo.writes(new Report(
                R,
                ONE,
                Solo.boot(1, 9),
                own.generation(),
                own.seq() + 1,
                own.settings(),
                false,
                own.floor(),
                List.of(),
                List.of()));
        solo.periods(1, 1, 2);
        assertThat(solo.state.mustGo()).isPresent();
        solo.done(solo.take(Mutation.Stop.class));
        solo.tick(1);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.DUPLICATE_NODE, ReasonCode.MUST_GO);
        solo.take(Mutation.ResetNode.class);
        assertThat(solo.block(R, 1).boot()).isEqualTo(Solo.boot(1, 9)); // that machine's report is left alone
    }

    @Test
    void whatStoodInTheBlockBeforeUsIsNoSecondMachine() {
        Solo solo = running(FenceMode.SELF);
        Report own = solo.block(R, 1);
        solo.writes(new Report(
                R,
                ONE,
                Solo.boot(1, 9),
                own.generation(),
                own.seq() - 1,
                own.settings(),
                false,
                own.floor(),
                List.of(),
                List.of())); // ours went astray, so it shows again
        solo.periods(1, 1, 2);
        assertThat(solo.state.mustGo()).isEmpty();
        assertThat(solo.block(R, 1).boot()).isEqualTo(Solo.boot(1, 1));
        assertThat(solo.block(R, 1).seq()).isGreaterThan(own.seq());
    }

    @Test
    void underFenceManualTheAdministratorResetsIt() {
        Solo solo = running(FenceMode.MANUAL);
        solo.writes(by(solo, 1, new Eviction(ONE, Solo.boot(1, 1), Generation.NONE, Eviction.Kind.ACKNOWLEDGED)));
        solo.periods(1, 1, 2);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(50, 1, 2);
        assertThat(solo.block(R, 1).mustGo()).isTrue();
        assertThat(solo.why(FOO)).contains(ReasonCode.MUST_GO);
        assertThat(solo.open(Mutation.ResetNode.class)).isEmpty();
    }
}
