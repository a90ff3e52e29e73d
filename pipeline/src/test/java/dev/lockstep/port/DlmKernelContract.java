// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.uevent.Uevent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What every {@link DlmKernel} keeps to. Node 1 of the configured nodes 1 to 3 is this node, nodeid = number. */
public interface DlmKernelContract {
    LockspaceName FOO = new LockspaceName("foo");
    LockspaceName NONE = new LockspaceName("none");

    /** A machine and what its programs do. */
    interface Fixture {
        /** {@return the kernel under test} */
        DlmKernel kernel();

        /** A program creates a lockspace; its create waits for an answer. */
        void create(LockspaceName lockspace);
    }

    /** {@return a machine whose fs/dlm is set up, without lockspaces and peers} */
    Fixture boot() throws Exception;

    @Test
    default void aKernelWithoutLockspacesIsEmpty() throws Exception {
        DlmKernel kernel = boot().kernel();

        assertThat(kernel.read(true)).isEqualTo(KernelSnapshot.empty());
        assertThat(kernel.read(FOO)).isEmpty();
    }

    @Test
    default void aLockspaceIsBornStoppedWithoutIdAndMembers() throws Exception {
        Fixture machine = boot();
        machine.create(FOO);

        KernelLockspace born = read(machine);
        assertThat(born.globalId()).isZero();
        assertThat(born.recoverStatus()).isZero();
        assertThat(born.members()).isEmpty();
        assertThat(machine.kernel().read(false).lockspaces()).containsOnlyKeys(FOO);
    }

    @Test
    default void whoWaitsIsToldToThoseWhoAsk() throws Exception {
        Fixture machine = boot();
        machine.create(FOO);

        assertThat(machine.kernel().read(false).lockspaces().values())
                .allSatisfy(each -> assertThat(each.unanswered()).isEmpty());
        assertThat(machine.kernel().read(true).lockspaces().values())
                .allSatisfy(each -> assertThat(each.unanswered()).contains(Uevent.Action.ONLINE));
    }

    @Test
    default void anAnsweredCreateWaitsNoMore() throws Exception {
        Fixture machine = boot();
        machine.create(FOO);
        succeeds(machine, start(1));
        succeeds(machine, new Mutation.Answer(FOO, Uevent.Action.ONLINE, 0));

        assertThat(machine.kernel().read(true).lockspaces().values())
                .allSatisfy(each -> assertThat(each.unanswered()).isEmpty());
    }

    @Test
    default void commsComeAndGoAndTheOwnIsNoPeer() throws Exception {
        Fixture machine = boot();
        succeeds(machine, comm(2));
        succeeds(machine, comm(3));
        succeeds(machine, comm(3));
        assertThat(machine.kernel().read(false).comms()).isEqualTo(numbers(2, 3));

        Mutation gone = new Mutation.RemoveComm(NodeNumber.of(2), "it died");
        succeeds(machine, gone);
        succeeds(machine, gone);
        assertThat(machine.kernel().read(false).comms()).isEqualTo(numbers(3));
    }

    @Test
    default void aStartGivesIdAndMembersAndRuns() throws Exception {
        Fixture machine = boot();
        machine.create(FOO);
        succeeds(machine, start(1));

        KernelLockspace runs = read(machine);
        assertThat(runs.globalId()).isEqualTo(FOO.globalId());
        assertThat(runs.members()).isEqualTo(ids(1));
        assertThat(runs.recoverStatus()).isNotZero();
    }

    @Test
    default void aStopTellsTheStatusBeforeIt() throws Exception {
        Fixture machine = boot();
        machine.create(FOO);
        succeeds(machine, start(1));
        int before = read(machine).recoverStatus();

        Mutation stop = new Mutation.Stop(FOO, "test");
        assertThat(machine.kernel().apply(stop)).isEqualTo(new Outcome.Done(before));
        assertThat(read(machine).recoverStatus()).isZero();
        assertThat(machine.kernel().apply(stop)).as("once more does no harm").isEqualTo(new Outcome.Done(0));
    }

    @Test
    default void aLaterStartReplacesTheMembers() throws Exception {
        Fixture machine = boot();
        machine.create(FOO);
        succeeds(machine, comm(2));
        succeeds(machine, start(1, 2));
        assertThat(read(machine).members()).isEqualTo(ids(1, 2));
        machine.kernel().apply(new Mutation.Stop(FOO, "test"));
        succeeds(machine, start(2, new int[] {1}));

        assertThat(read(machine).members()).isEqualTo(ids(1));
    }

    @Test
    default void forgottenMembersAreGoneAndTheLockspaceIsNot() throws Exception {
        Fixture machine = boot();
        machine.create(FOO);
        succeeds(machine, start(1));
        machine.kernel().apply(new Mutation.Stop(FOO, "test"));
        succeeds(machine, new Mutation.ForgetMembers(FOO));
        succeeds(machine, new Mutation.ForgetMembers(FOO));

        assertThat(read(machine).members()).isEmpty();
    }

    @Test
    default void whatIsDoneToNoLockspaceSaysThatItIsGone() throws Exception {
        DlmKernel kernel = boot().kernel();
        List<Mutation> mutations = List.of(
                new Mutation.Start(NONE, new Epoch(1), view(1), new TreeSet<>()),
                new Mutation.Stop(NONE, "test"),
                new Mutation.Answer(NONE, Uevent.Action.ONLINE, 0));

        assertThat(mutations).allSatisfy(mutation -> gone(kernel.apply(mutation)));
        gone(kernel.answerUnusable("no!ne", -22));
    }

    private static void gone(Outcome outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.errorClass()).isEqualTo(Outcome.ErrorClass.GONE));
    }

    private static void succeeds(Fixture machine, Mutation mutation) {
        assertThat(machine.kernel().apply(mutation)).isEqualTo(Outcome.Done.DONE);
    }

    private static KernelLockspace read(Fixture machine) throws IOException {
        return machine.kernel().read(FOO).orElseThrow();
    }

    private static Mutation comm(int node) {
        return new Mutation.AddComm(NodeNumber.of(node), new BootId(node, 1));
    }

    private static Mutation start(int... nodes) {
        return start(1, nodes);
    }

    private static Mutation start(long epoch, int[] nodes) {
        return new Mutation.Start(FOO, new Epoch(epoch), view(nodes), numbers(nodes));
    }

    private static View view(int... nodes) {
        List<Member> members = new ArrayList<>();
        for (int node : nodes) {
            members.add(new Member(NodeNumber.of(node), new BootId(node, 1), new Generation(1), new JoinNumber(1)));
        }
        return View.of(members);
    }

    private static SortedSet<NodeNumber> numbers(int... nodes) {
        TreeSet<NodeNumber> numbers = new TreeSet<>();
        for (int node : nodes) {
            numbers.add(NodeNumber.of(node));
        }
        return numbers;
    }

    private static SortedSet<NodeId> ids(int... nodes) {
        TreeSet<NodeId> ids = new TreeSet<>();
        for (int node : nodes) {
            ids.add(new NodeId(node));
        }
        return ids;
    }
}
