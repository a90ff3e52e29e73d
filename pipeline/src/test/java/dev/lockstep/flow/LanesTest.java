// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.port.Fence;
import dev.lockstep.uevent.Uevent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;

final class LanesTest {
    private static final Mutation SLOW = new Mutation.Stop(new LockspaceName("slow"), "test");
    private static final Mutation COMM = new Mutation.AddComm(NodeNumber.of(2), new BootId(2, 1));
    private static final Outcome STILL_HERE =
            new Outcome.Failed("EIO", Outcome.ErrorClass.AGAIN_LATER, "the machine still runs");
    private static final Mutation QUICK = new Mutation.Stop(new LockspaceName("quick"), "test");

    private final FlowSchedulers threads = FlowSchedulers.threads("test");
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    private final List<String> resets = new ArrayList<>();
    private final Map<Mutation, Thread> ranOn = new ConcurrentHashMap<>();
    private final Lanes lanes = lanes(new Blocked(), this::reset);

    private Outcome reset(String why) {
        resets.add(why);
        return STILL_HERE;
    }

    private Lanes lanes(DlmKernel kernel, Fence fence) {
        return new Lanes(kernel, fence, threads, () -> 7);
    }

    /** Stops of "slow" and the comm hang until released. */
    private final class Blocked extends IdleKernel {
        @Override
        public Outcome apply(Mutation mutation) {
            ranOn.put(mutation, Thread.currentThread());
            if (!mutation.equals(SLOW) && !mutation.equals(COMM)) {
                return Outcome.Done.DONE;
            }
            inside.countDown();
            try {
                release.await();
                interrupted.complete(Thread.currentThread().isInterrupted());
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
            return Outcome.Done.DONE;
        }
    }

    @AfterEach
    void end() {
        release.countDown();
        threads.releaseAll();
    }

    @Test
    void aMutationThatHangsHoldsUpNoOtherLane() throws InterruptedException {
        Disposable slow = lanes.execute(SLOW).subscribe();
        inside.await();

        assertThat(lanes.execute(QUICK).block(Duration.ofSeconds(30)))
                .isEqualTo(new Evidence.Applied(7, QUICK, Outcome.Done.DONE));
        assertThat(slow.isDisposed()).isFalse();
    }

    @Test
    void whoStopsWaitingForAMutationDoesNotInterruptIt() throws Exception {
        Disposable waiting = lanes.execute(SLOW).subscribe();
        inside.await();

        waiting.dispose();
        threads.releaseAll();
        release.countDown();

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void aResetGoesToTheFenceAndHowItFailedToTheCore() {
        Mutation reset = new Mutation.ResetNode("must go");

        assertThat(lanes.execute(reset).block(Duration.ofSeconds(30)))
                .isEqualTo(new Evidence.Applied(7, reset, STILL_HERE));

        assertThat(resets).containsExactly("must go");
    }

    /** Fencing of node 2 hangs until released. */
    private final class HangingCommand implements Fence {
        @Override
        public Outcome resetSelf(String why) {
            return reset(why);
        }

        @Override
        public Outcome.Exited fence(Mutation.FenceNode order) {
            if (order.node().value() == 2) {
                new Blocked().apply(SLOW);
            }
            return new Outcome.Exited(0, "off");
        }
    }

    @Test
    void aFenceCommandThatHangsHoldsUpNeitherTheNodesLaneNorTheFencingOfAnother() throws InterruptedException {
        Lanes withCommand = lanes(new Blocked(), new HangingCommand());
        Disposable hanging = withCommand.execute(fence(2)).subscribe();
        inside.await();

        assertThat(withCommand.execute(fence(3)).block(Duration.ofSeconds(30)))
                .isEqualTo(new Evidence.Applied(7, fence(3), new Outcome.Exited(0, "off")));
        withCommand.execute(new Mutation.ResetNode("must go")).block(Duration.ofSeconds(30));
        assertThat(resets).containsExactly("must go");
        assertThat(hanging.isDisposed()).isFalse();
    }

    @Test
    void aCommThatHangsDoesNotHoldUpTheReset() throws InterruptedException {
        Disposable hanging = lanes.execute(COMM).subscribe();
        inside.await();

        lanes.execute(new Mutation.ResetNode("must go")).block(Duration.ofSeconds(30));
        assertThat(resets).containsExactly("must go");
        assertThat(hanging.isDisposed()).isFalse();
    }

    private static Mutation.FenceNode fence(int node) {
        return new Mutation.FenceNode(NodeNumber.of(node), new BootId(node, 1), Generation.NONE, 1);
    }

    @Test
    void moreLockspacesThanAnyNodeHasShareALaneThatNoneOfThemClosesForTheOthers() {
        Lanes many = lanes(new Blocked(), this::reset);
        for (int i = 0; i < Lanes.MOST + 2; i++) {
            many.execute(stop(i)).block();
        }
        LockspaceName released = new LockspaceName("ls" + Lanes.MOST);
        many.execute(new Mutation.Answer(released, Uevent.Action.OFFLINE, 0)).block();

        Mutation other = stop(Lanes.MOST + 1);
        assertThat(many.execute(other).block()).isEqualTo(new Evidence.Applied(7, other, Outcome.Done.DONE));
    }

    @ParameterizedTest
    @CsvSource({"OFFLINE, 0", "ONLINE, -28"})
    void aLockspaceThatIsReleasedOrRefusedGivesItsThreadBack(Uevent.Action question, int result)
            throws InterruptedException {
        Mutation answer = new Mutation.Answer(new LockspaceName("over"), question, result);

        lanes.execute(answer).block(Duration.ofSeconds(30));

        Thread lane = Objects.requireNonNull(ranOn.get(answer));
        lane.join(30_000);
        assertThat(lane.isAlive()).isFalse();
    }

    @Test
    void aCreateThatIsGrantedKeepsItsThread() {
        LockspaceName name = new LockspaceName("stays");
        Mutation granted = new Mutation.Answer(name, Uevent.Action.ONLINE, 0);
        Mutation next = new Mutation.Stop(name, "test");

        lanes.execute(granted).block(Duration.ofSeconds(30));
        lanes.execute(next).block(Duration.ofSeconds(30));

        assertThat(ranOn.get(next)).isSameAs(ranOn.get(granted));
    }

    private static Mutation stop(int number) {
        return new Mutation.Stop(new LockspaceName("ls" + number), "test");
    }
}
