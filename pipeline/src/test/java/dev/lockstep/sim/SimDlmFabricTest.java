// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.sim.SimDlmNode.Grant;
import dev.lockstep.uevent.Uevent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The manners of fs/dlm that the simulated one must share, dangerous ones first. */
final class SimDlmFabricTest {
    private static final LockspaceName LS = new LockspaceName("vol");

    private final SimDlmFabric fabric = new SimDlmFabric(0);
    private final SimDlmNode one = fabric.boot(NodeNumber.of(1), new BootId(1, 1));
    private final SimDlmNode two = fabric.boot(NodeNumber.of(2), new BootId(2, 1));

    private static View view(int... nodes) {
        List<Member> members = new ArrayList<>();
        for (int node : nodes) {
            members.add(new Member(NodeNumber.of(node), new BootId(node, 1), new Generation(1), new JoinNumber(1)));
        }
        return View.of(members);
    }

    private static void know(SimDlmNode node, View view) {
        for (Member member : view.members()) {
            if (!member.node().equals(node.number())) {
                node.kernel().apply(new Mutation.AddComm(member.node(), member.boot()));
            }
        }
    }

    private static void start(SimDlmNode node, long epoch, View view) {
        know(node, view);
        node.kernel().apply(new Mutation.Start(LS, new Epoch(epoch), view, new TreeSet<>()));
    }

    private static void answer(SimDlmNode node, Uevent.Action question, int result) {
        node.kernel().apply(new Mutation.Answer(LS, question, result));
    }

    private static int status(SimDlmNode node) throws IOException {
        return node.kernel().read(LS).map(KernelLockspace::recoverStatus).orElse(-1);
    }

    private void bothRun() {
        one.create(LS);
        two.create(LS);
        start(one, 1, view(1, 2));
        start(two, 1, view(1, 2));
        answer(one, Uevent.Action.ONLINE, 0);
        answer(two, Uevent.Action.ONLINE, 0);
    }

    @Test
    void aRecoveryWaitsAtTheBarrierUntilAllMembersStarted() throws IOException {
        SimDlmCall created = one.create(LS);
        two.create(LS);
        know(two, view(1, 2));
        start(one, 1, view(1, 2));
        answer(one, Uevent.Action.ONLINE, 0);
        assertThat(status(one)).isEqualTo(0x01);
        assertThat(created.stage()).isEqualTo(SimDlmCall.Stage.RECOVERING);

        start(two, 1, view(1, 2));

        assertThat(status(one)).isEqualTo(0xff);
        assertThat(status(two)).isEqualTo(0x55);
        assertThat(created.succeeded()).isTrue();
        assertThat(fabric.violations()).isEmpty();
    }

    @Test
    void startingBesideANodeThatNeverStoppedGivesOneLockToTwo() {
        bothRun();
        assertThat(one.lock(LS, "r")).isEqualTo(Grant.GRANTED);
        assertThat(two.lock(LS, "r")).isEqualTo(Grant.BUSY);

        two.kernel().apply(new Mutation.Stop(LS, "test"));
        start(two, 2, view(1, 2));

        assertThat(two.lock(LS, "r")).isEqualTo(Grant.GRANTED);
        assertThat(fabric.violations())
                .anyMatch(violation -> violation.contains("while node 1 runs it"))
                .anyMatch(violation -> violation.contains("two EX holders"));
    }

    @Test
    void listsThatDifferAreSeen() {
        bothRun();
        one.kernel().apply(new Mutation.Stop(LS, "test"));
        two.kernel().apply(new Mutation.Stop(LS, "test"));
        start(one, 2, view(1));
        start(two, 2, view(1, 2));

        assertThat(fabric.violations())
                .anyMatch(violation -> violation.contains("another did"))
                .anyMatch(violation -> violation.contains("without node 2"));
    }

    @Test
    void anEpochIsUsedAgainOnlyByThoseWhoCannotKnowOfIt() {
        one.create(LS);
        start(one, 1, view(1));
        fabric.crash(NodeNumber.of(1));
        two.create(LS);
        start(two, 1, view(2));
        assertThat(fabric.violations()).singleElement().asString().contains("another did");

        fabric.forgets((lockspace, life) -> life.equals(new BootId(2, 1)));
        fabric.crash(NodeNumber.of(2));
        SimDlmNode again = fabric.boot(NodeNumber.of(1), new BootId(1, 2));
        again.create(LS);
        start(again, 1, view(1, 2));
        assertThat(fabric.violations()).as("node 1 is known").hasSize(2);
        fabric.forgets((lockspace, life) -> true);
        again.kernel().apply(new Mutation.Stop(LS, "test"));
        start(again, 1, view(1));
        assertThat(fabric.violations()).hasSize(2);
    }

    @Test
    void removingTheCommOfAMemberUnderARunningLockspacePanics() {
        bothRun();

        Outcome outcome = one.kernel().apply(new Mutation.RemoveComm(NodeNumber.of(2), "test"));

        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(fabric.violations()).singleElement().asString().contains("panic");
        assertThat(one.kernel().apply(new Mutation.Stop(LS, "test"))).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void aSecondAnswerIsRemembered() {
        bothRun();
        answer(one, Uevent.Action.ONLINE, 0);

        SimDlmCall released = one.release(LS);

        assertThat(released.stage()).as("not UNANSWERED").isEqualTo(SimDlmCall.Stage.CLOSING);
        assertThat(fabric.violations()).anyMatch(violation -> violation.contains("which nobody asked"));
    }

    @Test
    void aRefusedCreateLeavesNothingBehind() throws IOException {
        SimDlmCall created = one.create(LS);
        answer(one, Uevent.Action.ONLINE, -19);

        assertThat(created.result()).isEqualTo(-19);
        assertThat(status(one)).isEqualTo(-1);
        assertThat(fabric.violations()).isEmpty();
    }

    @Test
    void oneHungCreateHoldsUpAllOthersOfItsNode() {
        one.create(LS);
        SimDlmCall second = one.create(new LockspaceName("other"));
        assertThat(second.stage()).isEqualTo(SimDlmCall.Stage.QUEUED);

        answer(one, Uevent.Action.ONLINE, -5);

        assertThat(second.stage()).isEqualTo(SimDlmCall.Stage.UNANSWERED);
    }

    @Test
    void aLastReleaseIsNotHeldUpByADeadPeer() {
        bothRun();
        SimDlmCall released = one.release(LS);
        one.kernel().apply(new Mutation.Stop(LS, "test"));
        answer(one, Uevent.Action.OFFLINE, 0);
        assertThat(released.stage()).isEqualTo(SimDlmCall.Stage.CLOSING);

        fabric.crash(NodeNumber.of(2));

        assertThat(released.succeeded()).isTrue();
    }

    @Test
    void aCommKeptOverARebootLosesMessages() {
        bothRun();
        fabric.crash(NodeNumber.of(2));
        SimDlmNode reborn = fabric.boot(NodeNumber.of(2), new BootId(2, 2));
        reborn.create(LS);
        one.kernel().apply(new Mutation.Stop(LS, "test"));
        start(one, 2, view(1, 2));
        start(reborn, 2, view(1, 2));

        assertThat(fabric.violations())
                .anyMatch(violation -> violation.contains("made for another life"))
                .anyMatch(violation -> violation.contains("was not renewed"));
    }

    @Test
    void aCommMadeAnewOnOneSideOnlyLosesMessages() {
        bothRun();
        bothStart(2, () -> {
            one.kernel().apply(new Mutation.RemoveComm(NodeNumber.of(2), "test"));
            know(one, view(1, 2));
        });

        assertThat(fabric.violations()).singleElement().asString().contains("node 2 recovered", "made its comm anew");
    }

    @Test
    void commsMadeAnewOnBothSidesLoseNothing() {
        bothRun();
        bothStart(2, () -> {
            one.kernel().apply(new Mutation.RemoveComm(NodeNumber.of(2), "test"));
            two.kernel().apply(new Mutation.RemoveComm(NodeNumber.of(1), "test"));
        });
        bothStart(3, () -> {});

        assertThat(fabric.violations()).isEmpty();
    }

    private void bothStart(long epoch, Runnable meanwhile) {
        one.kernel().apply(new Mutation.Stop(LS, "test"));
        two.kernel().apply(new Mutation.Stop(LS, "test"));
        meanwhile.run();
        start(one, epoch, view(1, 2));
        start(two, epoch, view(1, 2));
    }

    @Test
    void whatIsReadShowsUnansweredUeventsOnlyWhenAsked() throws IOException {
        one.create(LS);

        assertThat(one.kernel().read(true).lockspaces().get(LS))
                .satisfies(shown -> assertThat(shown.unanswered()).contains(Uevent.Action.ONLINE));
        assertThat(one.kernel().read(LS).flatMap(KernelLockspace::unanswered)).isEmpty();
    }
}
