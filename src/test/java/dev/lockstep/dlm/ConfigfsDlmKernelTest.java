// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.kernel.Outcome.ErrorClass;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import dev.lockstep.uevent.Uevent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConfigfsDlmKernelTest {
    private static final LockspaceName FOO = new LockspaceName("foo");
    private static final BootId BOOT = new BootId(1, 1);
    private static final String FOO_ID = "1826763677";

    private final FakeDlmTree tree = new FakeDlmTree();
    private LockspaceSettings settings = LockspaceSettings.DEFAULT;
    private UnansweredDecision unanswered = new UnansweredDecision.Nobody();
    private UnansweredReader unansweredReader = ids -> unanswered;
    private final ConfigfsDlmKernel kernel = new ConfigfsDlmKernel(
            tree,
            FakeDlmTree.PATHS,
            new NodeTable(NodeNumber.of(0), List.of(node(0), node(1), node(2))),
            name -> settings,
            ids -> unansweredReader.decide(ids),
            reset -> new Outcome.Failed("EPERM", ErrorClass.LASTING, reset.why()));

    @Test
    void aFirstStartWritesIdThenMembersThenControl() throws NativeFailure {
        tree.withCluster().withLockspace("foo", 0, 0);

        assertThat(kernel.apply(start(nodes(), 0, 1))).isEqualTo(Outcome.Done.DONE);

        assertThat(tree.journal)
                .containsExactly(
                        "foo/id = " + FOO_ID,
                        "mkdir spaces/foo",
                        "mkdir spaces/foo/nodes/1",
                        "spaces/foo/nodes/1/nodeid = 1",
                        "mkdir spaces/foo/nodes/2",
                        "spaces/foo/nodes/2/nodeid = 2",
                        "foo/control = 1");
    }

    @Test
    void aLockspaceThatCannotBeServedIsAnsweredByItsDirectory() throws NativeFailure {
        tree.withCluster().withLockspace("a!b", 0, 0);

        assertThat(kernel.answerUnusable("a!b", -22)).isEqualTo(Outcome.Done.DONE);
        assertThat(kernel.answerUnusable("c!d", -22))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.errorClass()).isEqualTo(ErrorClass.GONE));

        assertThat(tree.journal).containsExactly("a!b/event_done = -22");
    }

    @Test
    void aCreateThatBeginsWhileTheKernelIsReadIsFoundByReadingAgain() throws IOException {
        tree.withCluster().withLockspace("foo", 7, 0xff);
        LockspaceName bar = new LockspaceName("bar");
        unansweredReader = ids -> {
            if (ids.containsKey(bar)) {
                return new UnansweredDecision.Waits(bar, Uevent.Action.ONLINE);
            }
            tree.withLockspace("bar", 0, 0);
            return new UnansweredDecision.Undecidable("a create waits");
        };

        assertThat(kernel.read(true).lockspaces().get(bar))
                .satisfies(read -> assertThat(read.unanswered()).contains(Uevent.Action.ONLINE));
    }

    @Test
    void aReadingThatCannotTellWhatWaitsFailsAndIsMadeAgainButNotForEver() throws IOException {
        tree.withCluster().withLockspace("foo", 7, 0xff);
        unansweredReader = ids -> new UnansweredDecision.Undecidable("a create waits");

        for (int readings = 0; readings < 5; readings++) {
            assertThatThrownBy(() -> kernel.read(true))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a create waits");
        }
        assertThat(kernel.read(true).lockspaces()).hasSize(1);
        assertThatThrownBy(() -> kernel.read(true)).isInstanceOf(IOException.class);
        unansweredReader = ids -> new UnansweredDecision.Nobody();
        assertThat(kernel.read(true).lockspaces()).hasSize(1);
    }

    @Test
    void aLaterStartWritesOnlyTheDifference() throws NativeFailure {
        tree.withCluster().withLockspace("foo", 0, 0);
        kernel.apply(start(nodes(), 0, 1));
        tree.journal.clear();

        kernel.apply(start(nodes(), 0, 2));

        assertThat(tree.journal)
                .containsExactly(
                        "rmdir spaces/foo/nodes/2",
                        "mkdir spaces/foo/nodes/3",
                        "spaces/foo/nodes/3/nodeid = 3",
                        "foo/control = 1");
    }

    @Test
    void aRenewedMemberIsMadeAnewAndTheOthersAreNotTouched() throws NativeFailure {
        tree.withCluster().withLockspace("foo", 0, 0);
        kernel.apply(start(nodes(), 0, 1));
        tree.journal.clear();

        kernel.apply(start(nodes(1), 0, 1));

        assertThat(tree.journal)
                .containsExactly(
                        "rmdir spaces/foo/nodes/2",
                        "mkdir spaces/foo/nodes/2",
                        "spaces/foo/nodes/2/nodeid = 2",
                        "foo/control = 1");
    }

    @Test
    void aStartThatFailedHalfWayIsCompletedByTheNext() throws NativeFailure {
        tree.withCluster().withLockspace("foo", 0, 0);
        tree.failOnce("/c/cluster/spaces/foo/nodes/2/nodeid", Errno.ENOMEM);

        Outcome first = kernel.apply(start(nodes(), 0, 1));

        assertThat(first)
                .isEqualTo(new Outcome.Failed(
                        "ENOMEM", ErrorClass.AGAIN_LATER, "write /c/cluster/spaces/foo/nodes/2/nodeid: ENOMEM"));
        assertThat(tree.journal).doesNotContain("foo/control = 1");
        tree.journal.clear();
        assertThat(kernel.apply(start(nodes(), 0, 1))).isEqualTo(Outcome.Done.DONE);
        assertThat(tree.journal)
                .containsExactly(
                        "rmdir spaces/foo/nodes/2",
                        "mkdir spaces/foo/nodes/2",
                        "spaces/foo/nodes/2/nodeid = 2",
                        "foo/control = 1");
    }

    @Test
    void weightsAndNodirAreWrittenWhereTheyDiffer() throws NativeFailure {
        settings = new LockspaceSettings(true, Map.of(NodeNumber.of(0), 1));
        tree.withCluster().withLockspace("foo", 0, 0);

        kernel.apply(start(nodes(), 0, 1));

        assertThat(tree.journal)
                .containsExactly(
                        "foo/id = " + FOO_ID,
                        "foo/nodir = 1",
                        "mkdir spaces/foo",
                        "mkdir spaces/foo/nodes/1",
                        "spaces/foo/nodes/1/nodeid = 1",
                        "mkdir spaces/foo/nodes/2",
                        "spaces/foo/nodes/2/nodeid = 2",
                        "spaces/foo/nodes/2/weight = 0",
                        "foo/control = 1");
    }

    @Test
    void aStopTellsTheStatusBefore() throws NativeFailure {
        tree.withCluster().withLockspace("foo", 1, 0x55);

        assertThat(kernel.apply(new Mutation.Stop(FOO, "test"))).isEqualTo(new Outcome.Done(0x55));
        assertThat(tree.journal).containsExactly("foo/control = 0");
    }

    @Test
    void aLeaveRemovesMembersThenTheSpaceAndIsRepeatable() throws NativeFailure {
        tree.withCluster().withLockspace("foo", 0, 0);
        kernel.apply(start(nodes(), 0, 1));
        tree.journal.clear();

        assertThat(kernel.apply(new Mutation.ForgetMembers(FOO))).isEqualTo(Outcome.Done.DONE);
        assertThat(kernel.apply(new Mutation.ForgetMembers(FOO))).isEqualTo(Outcome.Done.DONE);
        assertThat(kernel.apply(new Mutation.Answer(FOO, Uevent.Action.OFFLINE, 0)))
                .isEqualTo(Outcome.Done.DONE);

        assertThat(tree.journal)
                .containsExactly(
                        "rmdir spaces/foo/nodes/1",
                        "rmdir spaces/foo/nodes/2",
                        "rmdir spaces/foo",
                        "foo/event_done = 0");
    }

    @Test
    void aRefusalIsANegativeErrno() throws NativeFailure {
        tree.withCluster().withLockspace("foo", 0, 0);

        kernel.apply(new Mutation.Answer(FOO, Uevent.Action.ONLINE, -22));

        assertThat(tree.journal).containsExactly("foo/event_done = -22");
    }

    @Test
    void aCommGetsNodeidThenAddressWithoutAPort() throws NativeFailure {
        tree.withCluster();

        assertThat(kernel.apply(new Mutation.AddComm(NodeNumber.of(1), BOOT))).isEqualTo(Outcome.Done.DONE);
        assertThat(kernel.apply(new Mutation.AddComm(NodeNumber.of(1), BOOT))).isEqualTo(Outcome.Done.DONE);

        assertThat(tree.journal).containsExactly("mkdir comms/2", "comms/2/nodeid = 2", "comms/2/addr = 2:0:192.0.2.1");
    }

    @Test
    void aHalfMadeCommIsMadeAnew() throws NativeFailure {
        tree.withCluster();
        tree.failOnce("/c/cluster/comms/2/addr", Errno.ENOMEM);
        kernel.apply(new Mutation.AddComm(NodeNumber.of(1), BOOT));
        tree.journal.clear();

        assertThat(kernel.apply(new Mutation.AddComm(NodeNumber.of(1), BOOT))).isEqualTo(Outcome.Done.DONE);

        assertThat(tree.journal)
                .containsExactly(
                        "rmdir comms/2", "mkdir comms/2", "comms/2/nodeid = 2", "comms/2/addr = 2:0:192.0.2.1");
    }

    @Test
    void aCommWithAnotherAddressIsNotTouched() throws NativeFailure {
        tree.withCluster();
        kernel.apply(new Mutation.AddComm(NodeNumber.of(1), BOOT));
        tree.set("/c/cluster/comms/2/addr_list", "AF_INET\t192.0.2.99\n");
        tree.journal.clear();

        Outcome outcome = kernel.apply(new Mutation.AddComm(NodeNumber.of(1), BOOT));

        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(((Outcome.Failed) outcome).message()).contains("192.0.2.99").contains("192.0.2.1");
        assertThat(tree.journal).isEmpty();
    }

    @Test
    void aCommIsNeverRemovedUnderALockspaceThatRunsOrRecovers() throws NativeFailure {
        tree.withCluster().withLockspace("foo", 0, 0);
        Mutation remove = new Mutation.RemoveComm(NodeNumber.of(1), "test");
        kernel.apply(new Mutation.AddComm(NodeNumber.of(1), BOOT));
        kernel.apply(start(nodes(), 0, 1));
        tree.journal.clear();

        Outcome recovering = kernel.apply(remove);
        tree.set("/s/foo/recover_status", "55\n");
        Outcome running = kernel.apply(remove);
        kernel.apply(new Mutation.Stop(FOO, "test"));
        tree.set("/s/foo/recover_status", "0\n");

        assertThat(List.of(recovering, running))
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.Failed.class,
                                failed -> assertThat(failed.errorClass()).isEqualTo(ErrorClass.LASTING)));
        assertThat(kernel.apply(remove)).isEqualTo(Outcome.Done.DONE);
        assertThat(kernel.apply(remove)).isEqualTo(Outcome.Done.DONE);
        assertThat(tree.journal).containsExactly("foo/control = 0", "rmdir comms/2");
    }

    @Test
    void theOwnCommIsNoPeers() throws NativeFailure {
        tree.withCluster();

        assertThat(kernel.apply(new Mutation.RemoveComm(NodeNumber.of(0), "test")))
                .isInstanceOf(Outcome.Failed.class);
        assertThat(tree.journal).isEmpty();
    }

    @Test
    void aLockspaceThatIsNotThereIsGone() throws NativeFailure {
        tree.withCluster();

        for (Mutation mutation : List.of(
                start(nodes(), 0),
                new Mutation.Stop(FOO, "test"),
                new Mutation.Answer(FOO, Uevent.Action.OFFLINE, 0))) {
            assertThat(kernel.apply(mutation))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.errorClass()).isEqualTo(ErrorClass.GONE));
        }
    }

    @Test
    void aMissingClusterIsNotAMissingLockspace() {
        tree.withLockspace("foo", 0, 0);

        assertThat(kernel.apply(start(nodes(), 0)))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.errorClass()).isEqualTo(ErrorClass.LASTING));
    }

    @Test
    void aResetGoesToTheResetter() {
        assertThat(kernel.apply(new Mutation.ResetNode("must go")))
                .isEqualTo(new Outcome.Failed("EPERM", ErrorClass.LASTING, "must go"));
    }

    @Test
    void aSnapshotShowsLockspacesMembersAndPeers() throws IOException {
        tree.withCluster().withLockspace("foo", 0, 0).withLockspace("bar", -2, 0xff);
        tree.makeDirectory("/c/cluster/comms/1");
        tree.write("/c/cluster/comms/1/nodeid", "1".getBytes(StandardCharsets.US_ASCII));
        tree.set("/c/cluster/comms/1/addr_list", "AF_INET\t192.0.2.0\n");
        kernel.apply(new Mutation.AddComm(NodeNumber.of(2), BOOT));
        kernel.apply(start(nodes(), 0, 2));
        tree.makeDirectory("/c/cluster/comms/2");
        tree.makeDirectory("/c/cluster/spaces/foo/nodes/2");
        unanswered = new UnansweredDecision.Waits(FOO, Uevent.Action.ONLINE);

        KernelSnapshot snapshot = kernel.read(true);

        assertThat(snapshot.comms()).containsExactly(NodeNumber.of(2));
        assertThat(snapshot.lockspaces()).containsOnlyKeys(FOO, new LockspaceName("bar"));
        assertThat(snapshot.lockspaces().get(FOO)).satisfies(foo -> {
            assertThat(foo.globalId()).isEqualTo(1826763677);
            assertThat(foo.members()).containsExactly(new NodeId(1), new NodeId(3));
            assertThat(foo.unanswered()).contains(Uevent.Action.ONLINE);
        });
        assertThat(snapshot.lockspaces().get(new LockspaceName("bar"))).satisfies(bar -> {
            assertThat(bar.globalId()).isEqualTo(-2);
            assertThat(bar.recoverStatus()).isEqualTo(0xff);
            assertThat(bar.members()).isEmpty();
            assertThat(bar.unanswered()).isEmpty();
        });
        assertThat(kernel.read(false).lockspaces().get(FOO))
                .satisfies(foo -> assertThat(foo.unanswered()).isEmpty());
        assertThat(kernel.read(new LockspaceName("none"))).isEmpty();
    }

    @Test
    void aMachineWithoutFsDlmHasNothing() throws IOException {
        tree.removeDirectory("/s");

        assertThat(kernel.read(true)).isEqualTo(KernelSnapshot.empty());
    }

    @Test
    void aNumberThatIsNoneIsAnErrorThatNamesTheFile() throws NativeFailure {
        tree.withCluster().withLockspace("foo", 0, 0);
        tree.set("/s/foo/recover_status", "0x55\n");

        assertThat(kernel.apply(new Mutation.Stop(FOO, "test")))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.message()).contains("/s/foo/recover_status"));
        assertThat(tree.journal).isEmpty();
    }

    private static DlmNode node(int number) {
        try {
            return new DlmNode(
                    NodeNumber.of(number), new NodeId(number + 1), InetAddress.getByName("192.0.2." + number), 0);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static SortedSet<NodeNumber> nodes(int... numbers) {
        SortedSet<NodeNumber> nodes = new TreeSet<>();
        Arrays.stream(numbers).forEach(number -> nodes.add(NodeNumber.of(number)));
        return nodes;
    }

    private static Mutation start(SortedSet<NodeNumber> renew, int... members) {
        View view = View.of(Arrays.stream(members)
                .mapToObj(n -> new Member(NodeNumber.of(n), BOOT, new Generation(7), new JoinNumber(1)))
                .toList());
        return new Mutation.Start(FOO, new Epoch(1), view, renew);
    }
}
