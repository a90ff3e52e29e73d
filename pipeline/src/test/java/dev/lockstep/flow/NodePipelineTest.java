// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import dev.lockstep.event.LogEvent;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.sim.DiskFault;
import dev.lockstep.sim.SimDlmCall;
import dev.lockstep.sim.SimDlmNode.Grant;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole agents on simulated disks and kernels. */
final class NodePipelineTest {
    private static final LockspaceName VOL = new LockspaceName("vol");
    private static final Duration JOIN = Duration.ofSeconds(20);
    private static final Duration DEATH = ShellCluster.PERIOD.multipliedBy(ShellCluster.DEAD_THRESHOLD + 4);

    private final ShellCluster cluster = new ShellCluster(3, "R1");

    @AfterEach
    void nothingForbiddenHappenedAndNoPipelineFailed() {
        assertThat(cluster.fabric.violations()).isEmpty();
        assertThat(cluster.failures).isEmpty();
    }

    private ShellNode[] threeWithVol() {
        ShellNode[] nodes = {cluster.boot(0), cluster.boot(1), cluster.boot(2)};
        for (ShellNode node : nodes) {
            node.create("vol");
        }
        cluster.runsOn(JOIN, "vol", 0, 1, 2);
        cluster.pass(Duration.ofSeconds(3));
        cluster.events.clear();
        cluster.story.clear();
        return nodes;
    }

    @Test
    void threeNodesJoinOneLockspace() {
        ShellNode zero = cluster.boot(0);
        ShellNode one = cluster.boot(1);
        ShellNode two = cluster.boot(2);

        SimDlmCall created = zero.create("vol");
        one.create("vol");
        two.create("vol");

        cluster.runsOn(JOIN, "vol", 0, 1, 2);
        assertThat(created.succeeded()).isTrue();
    }

    @Test
    void nothingIsStoppedWhileNothingChanges() {
        threeWithVol();

        cluster.pass(Duration.ofMinutes(2));

        assertThat(cluster.events).extracting(LogEvent::type).doesNotContain(LogEvent.Type.MUTATION);
    }

    @Test
    void survivorsTakeTheLocksOfADeadNodeOverOnlyAfterItsTimeout() {
        ShellNode[] nodes = threeWithVol();
        assertThat(nodes[2].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.GRANTED);
        assertThat(nodes[0].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.BUSY);

        nodes[2].crash();
        cluster.pass(ShellCluster.PERIOD.multipliedBy(ShellCluster.DEAD_THRESHOLD - 1));
        assertThat(nodes[0].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.BUSY);

        cluster.runsOn(DEATH, "vol", 0, 1);
        assertThat(nodes[0].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.GRANTED);
    }

    @Test
    void aDeadNodeComesBackUnderANewBootId() {
        ShellNode[] nodes = threeWithVol();
        BootId before = nodes[2].boot;
        nodes[2].crash();
        cluster.runsOn(DEATH, "vol", 0, 1);

        nodes[2].boot();
        nodes[2].create("vol");

        cluster.runsOn(JOIN, "vol", 0, 1, 2);
        assertThat(nodes[2].boot).isNotEqualTo(before);
        assertThat(nodes[2].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.GRANTED);
        assertThat(nodes[0].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.BUSY);
    }

    @Test
    void aNodeThatRebootsFasterThanTheTimeoutIsTakenBackWithoutItsLocks() {
        ShellNode[] nodes = threeWithVol();
        assertThat(nodes[2].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.GRANTED);
        nodes[2].crash();
        cluster.pass(ShellCluster.PERIOD);

        nodes[2].boot();
        nodes[2].create("vol");

        cluster.runsOn(DEATH, "vol", 0, 1, 2);
        assertThat(nodes[0].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.GRANTED);
    }

    @Test
    void aNodeLeavesAndComesBack() {
        ShellNode[] nodes = threeWithVol();

        SimDlmCall released = nodes[1].release("vol");
        cluster.runsOn(Duration.ofSeconds(10), "vol", 0, 2);
        assertThat(released.succeeded()).isTrue();

        SimDlmCall created = nodes[1].create("vol");
        cluster.runsOn(Duration.ofSeconds(10), "vol", 0, 1, 2);
        assertThat(created.succeeded()).isTrue();
    }

    @Test
    void theLastOneLeavesAndTheLockspaceIsGone() {
        ShellNode zero = cluster.boot(0);
        zero.create("vol");
        cluster.runsOn(Duration.ofSeconds(40), "vol", 0);

        SimDlmCall released = zero.release("vol");

        cluster.within(Duration.ofSeconds(5), "release", released::succeeded);
        zero.create("vol");
        cluster.runsOn(Duration.ofSeconds(5), "vol", 0);
    }

    @Test
    void anAgentThatRestartsAdoptsWhatRunsWithoutAStop() {
        ShellNode[] nodes = threeWithVol();
        assertThat(nodes[1].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.GRANTED);

        nodes[1].stopAgent();
        cluster.pass(Duration.ofSeconds(30));
        nodes[1].startAgent();
        cluster.pass(Duration.ofSeconds(30));

        assertThat(cluster.events)
                .as(String.join("\n", cluster.story))
                .extracting(LogEvent::type)
                .doesNotContain(LogEvent.Type.MUTATION);
        cluster.runsOn(Duration.ofSeconds(1), "vol", 0, 1, 2);
        assertThat(cluster.story).anyMatch(line -> line.contains("adopted"));
    }

    @Test
    void aChangeDuringTheRestartOfAnAgentWaitsForIt() {
        ShellNode[] nodes = threeWithVol();
        nodes[1].stopAgent();
        SimDlmCall released = nodes[2].release("vol");
        cluster.pass(Duration.ofSeconds(20));
        assertThat(released.stage())
                .as("answered, and its kernel waits for the others to go on without it")
                .isEqualTo(SimDlmCall.Stage.CLOSING);
        assertThat(nodes[0].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.STOPPED);

        nodes[1].startAgent();

        cluster.runsOn(Duration.ofSeconds(20), "vol", 0, 1);
        assertThat(released.succeeded()).isTrue();
    }

    @Test
    void anOfflineLostWithTheUeventSocketsQueueIsAnsweredAfterReadingTheKernel() {
        ShellNode[] nodes = threeWithVol();
        nodes[1].uevents.loseNext(1);

        SimDlmCall released = nodes[1].release("vol");

        cluster.within(Duration.ofSeconds(10), "release", released::succeeded);
        cluster.runsOn(Duration.ofSeconds(10), "vol", 0, 2);
    }

    @Test
    void aCreateOfWhichNothingWasHeardIsAnsweredThoughReadingsAfterTheLossFail() {
        ShellNode[] nodes = threeWithVol();
        nodes[1].uevents.loseNext(2);
        nodes[1].lossReadsToFail = 5;

        SimDlmCall created = nodes[1].create("other");

        cluster.within(Duration.ofSeconds(10), "create", created::succeeded);
        assertThat(nodes[1].lossReadsToFail).isZero();
    }

    @Test
    void whileReadingsAfterALossFailWhatIsHeardIsAnsweredAllTheSame() {
        ShellNode[] nodes = threeWithVol();
        nodes[1].uevents.loseNext(1);
        nodes[1].lossReadsToFail = Integer.MAX_VALUE;

        SimDlmCall created = nodes[1].create("other");
        cluster.within(Duration.ofSeconds(10), "create", created::succeeded);
        cluster.pass(Duration.ofMinutes(5));
        nodes[1].uevents.loseNext(1);
        SimDlmCall released = nodes[1].release("vol");
        cluster.pass(Duration.ofSeconds(20));
        assertThat(released.stage()).isEqualTo(SimDlmCall.Stage.UNANSWERED);

        nodes[1].lossReadsToFail = 0;

        cluster.within(Duration.ofSeconds(10), "release", released::succeeded);
    }

    @Test
    void aNewerLossSettlesAnOlderOneAndIsNotReadAgain() {
        ShellNode[] nodes = threeWithVol();
        nodes[1].uevents.loseNext(2);
        nodes[1].lossReadsToFail = 1;
        cluster.events.clear();

        SimDlmCall created = nodes[1].create("other");

        cluster.within(Duration.ofSeconds(10), "create", created::succeeded);
        cluster.pass(Duration.ofSeconds(20));
        assertThat(cluster.events)
                .filteredOn(event -> event.text().contains("the kernel was read again"))
                .hasSize(1);
    }

    @Test
    void aCreateWhileTheUeventSourceCannotBeOpenedIsAnsweredAfterOneReading() {
        ShellNode[] nodes = threeWithVol();
        nodes[1].uevents.fail(new IOException("recvmsg netlink: ENOMEM"), 5);

        SimDlmCall created = nodes[1].create("other");
        cluster.pass(Duration.ofSeconds(1));
        assertThat(created.stage()).isEqualTo(SimDlmCall.Stage.UNANSWERED);

        cluster.within(Duration.ofSeconds(10), "create", created::succeeded);
        assertThat(cluster.events)
                .filteredOn(event -> event.text().contains("the kernel was read again"))
                .hasSize(1);
    }

    @Test
    void aLockspaceOfAnotherRegionGoesOnWhileOneRegionIsRead() {
        ShellCluster two = new ShellCluster(2, "R1", "R2");
        ShellNode zero = two.boot(0);
        ShellNode one = two.boot(1);
        zero.create("R1");
        one.create("R1");
        two.runsOn(JOIN, "R1", 0, 1);

        zero.readFault(new RegionId("R1"), DiskFault.failing("EIO"));
        zero.create("R2");
        one.create("R2");

        two.runsOn(JOIN, "R2", 0, 1);
        two.pass(ShellCluster.PERIOD);
        assertThat(two.events)
                .anyMatch(event ->
                        event.type() == LogEvent.Type.REGION && event.text().contains("EIO"));
        zero.readFault(new RegionId("R1"), DiskFault.NONE);
        zero.release("R1");
        two.runsOn(JOIN, "R1", 1);
    }

    @Test
    void aMutationThatFailsIsPlannedAnew() {
        ShellNode[] nodes = threeWithVol();
        int[] failures = {3};
        nodes[0].kernelPort.onMutations(mutation -> mutation instanceof Mutation.Stop && failures[0]-- > 0
                ? Optional.of(new Outcome.Failed("EBUSY", Outcome.ErrorClass.AGAIN_LATER, "control: EBUSY"))
                : Optional.empty());

        nodes[2].crash();

        cluster.runsOn(DEATH.plusSeconds(20), "vol", 0, 1);
        assertThat(failures[0]).isLessThan(0);
    }

    @Test
    void anAdministratorsWordSettlesADeathWhereNothingFencesItself() {
        ShellCluster manual = new ShellCluster(2, "R1").withManualFence();
        ShellNode zero = manual.boot(0);
        ShellNode one = manual.boot(1);
        zero.create("vol");
        one.create("vol");
        manual.runsOn(JOIN, "vol", 0, 1);
        one.crash();
        manual.pass(DEATH.multipliedBy(3));
        assertThat(zero.kernel.lock(VOL, "inode 7")).isNotEqualTo(Grant.GRANTED);

        zero.agent.tell(new Evidence.FenceAcknowledged(manual.nowNs(), one.number, one.boot));

        manual.runsOn(Duration.ofSeconds(10), "vol", 0);
    }

    @Test
    void aRootFileSystemThatCannotBeWrittenHoldsUpNoStart() {
        ShellNode zero = cluster.boot(0);
        zero.kept.rootBroken = true;
        cluster.pass(Duration.ofSeconds(30));

        zero.create("vol");

        cluster.runsOn(JOIN, "vol", 0);
        assertThat(zero.kept.lasting).isEqualTo(Memory.Lasting.NONE);
    }

    @Test
    void nothingStartsWhileMemoryCannotBeSaved() {
        ShellNode zero = cluster.boot(0);
        cluster.pass(Duration.ofSeconds(30));
        zero.kept.broken = true;
        SimDlmCall created = zero.create("vol");
        cluster.pass(Duration.ofSeconds(20));
        assertThat(created.stage()).isEqualTo(SimDlmCall.Stage.UNANSWERED);
        assertThat(cluster.story).anyMatch(line -> line.contains("memory is not saved"));

        zero.kept.broken = false;

        cluster.runsOn(Duration.ofSeconds(20), "vol", 0);
    }

    @Test
    void aNodeWhoseOwnHeartbeatStandsStillResetsItselfBeforeTheOthersTakeItsLocks() {
        ShellNode[] nodes = threeWithVol();
        assertThat(nodes[1].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.GRANTED);

        nodes[1].stopHeartbeats();

        cluster.within(DEATH, "reset", () -> nodes[1].resets == 1);
        assertThat(nodes[0].kernel.lock(VOL, "inode 7")).isNotEqualTo(Grant.GRANTED);
        cluster.runsOn(DEATH, "vol", 0, 2);
        assertThat(nodes[0].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.GRANTED);
    }

    @Test
    void aRegionThatComesLaterGuardsLockspacesToo() {
        ShellNode zero = cluster.boot(0);
        cluster.pass(Duration.ofSeconds(30));
        RegionId late = new RegionId("LATE");
        zero.attach(late);
        SimDlmCall created = zero.create("LATE");

        cluster.runsOn(Duration.ofSeconds(30), "LATE", 0);
        assertThat(created.succeeded()).isTrue();
    }

    @Test
    void aRegionTakenAwayUnderItsLockspaceResetsTheNode() {
        ShellNode[] nodes = threeWithVol();

        Emit.to(nodes[1].changes, new RegionChange.Detached(new RegionId("R1"), "its device is gone"));

        cluster.within(Duration.ofSeconds(10), "reset", () -> nodes[1].resets == 1);
        cluster.runsOn(DEATH, "vol", 0, 2);
    }

    @Test
    void aRegionTakenAwayWithoutLockspacesIsOnlyGone() {
        ShellNode zero = cluster.boot(0);
        cluster.pass(Duration.ofSeconds(30));

        Emit.to(zero.changes, new RegionChange.Detached(new RegionId("R1"), "its device is gone"));
        cluster.events.clear();
        cluster.pass(Duration.ofSeconds(30));

        assertThat(zero.resets).isZero();
        assertThat(cluster.events).extracting(LogEvent::type).doesNotContain(LogEvent.Type.SLOT);
    }

    @Test
    void aBugStopsThePipelineLoudlyAndLeavesLockspacesAsTheyAre() {
        ShellNode[] nodes = threeWithVol();
        nodes[0].eventLog = event -> {
            throw new IllegalStateException("a bug");
        };

        nodes[2].release("vol");
        cluster.pass(Duration.ofSeconds(5));

        assertThat(cluster.failures).singleElement().isInstanceOf(IllegalStateException.class);
        cluster.failures.clear();
        assertThat(nodes[0].kernel.lock(VOL, "inode 7")).isEqualTo(Grant.GRANTED);
    }
}
