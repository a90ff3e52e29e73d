// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import static dev.lockstep.bench.conformance.ConformanceCase.alone;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
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
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** The same kernel as the agent drives it, by mutations. */
final class PortCases {
    private static final LockspaceName FOO = new LockspaceName("foo");
    private static final LockspaceName NONE = new LockspaceName("none");

    private PortCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                alone(
                        "through the port: a create is answered after its start, and what waits is told",
                        node -> {
                            snapshot(node);
                            node.create("foo");
                            node.hears(2);
                            snapshot(node);
                            apply(node, start(1, 1));
                            node.becomes("foo/recover_status", "ff");
                            snapshot(node);
                            apply(node, new Mutation.Answer(FOO, Uevent.Action.ONLINE, 0));
                            node.returns("create foo");
                            node.hears(1);
                            snapshot(node);
                            node.release("foo");
                            node.hears(2);
                            snapshot(node);
                            leave(node);
                            snapshot(node);
                        },
                        "empty",
                        "foo id 0 status 0 polls 0 members [] waits ONLINE",
                        "Start: DONE",
                        "foo/recover_status: ff",
                        "foo id 1826763677 status ff polls 1 members [1] waits ONLINE",
                        "Answer: DONE",
                        "create foo returns ok",
                        "foo id 1826763677 status ff polls 1 members [1]",
                        "foo id 1826763677 status ff polls 1 members [1] waits OFFLINE",
                        "Stop: DONE, status was ff",
                        "ForgetMembers: DONE",
                        "Answer: DONE",
                        "release foo returns ok",
                        "empty"),
                alone(
                        "through the port: a stop tells the status before it",
                        node -> {
                            join(node);
                            apply(node, new Mutation.Stop(FOO, "test"));
                            apply(node, new Mutation.Stop(FOO, "test"));
                            one(node);
                            apply(node, start(2, 1));
                            node.becomes("foo/recover_status", "ff");
                            node.release("foo");
                            node.hears(2);
                            leave(node);
                        },
                        "Stop: DONE, status was ff",
                        "Stop: DONE",
                        "foo id 1826763677 status 0 polls 1 members [1]",
                        "Start: DONE",
                        "foo/recover_status: ff",
                        "Stop: DONE, status was ff",
                        "ForgetMembers: DONE",
                        "Answer: DONE",
                        "release foo returns ok"),
                alone(
                        "through the port: comms come and go, and the own is no peer",
                        node -> {
                            apply(node, comm(2));
                            apply(node, comm(2));
                            apply(node, comm(3));
                            comms(node);
                            apply(node, new Mutation.RemoveComm(NodeNumber.of(2), "test"));
                            apply(node, new Mutation.RemoveComm(NodeNumber.of(2), "test"));
                            apply(node, new Mutation.RemoveComm(NodeNumber.of(3), "test"));
                            comms(node);
                        },
                        "AddComm: DONE",
                        "AddComm: DONE",
                        "AddComm: DONE",
                        "comms [2, 3]",
                        "RemoveComm: DONE",
                        "RemoveComm: DONE",
                        "RemoveComm: DONE",
                        "comms []"),
                alone(
                        "through the port: a recovery that waits shows whom it waits for",
                        node -> {
                            apply(node, comm(2));
                            join(node);
                            apply(node, new Mutation.Stop(FOO, "test"));
                            apply(node, start(2, 1, 2));
                            node.becomes("foo/recover_nodeid", "2");
                            one(node);
                            apply(node, new Mutation.Stop(FOO, "test"));
                            apply(node, start(3, 1));
                            node.becomes("foo/recover_status", "ff");
                            one(node);
                            node.release("foo");
                            node.hears(2);
                            leave(node);
                            apply(node, new Mutation.RemoveComm(NodeNumber.of(2), "test"));
                        },
                        "AddComm: DONE",
                        "Stop: DONE, status was ff",
                        "Start: DONE",
                        "foo/recover_nodeid: 2",
                        "foo id 1826763677 status 0 polls 2 members [1, 2]",
                        "Stop: DONE",
                        "Start: DONE",
                        "foo/recover_status: ff",
                        "foo id 1826763677 status ff polls 1 members [1]",
                        "Stop: DONE, status was ff",
                        "ForgetMembers: DONE",
                        "Answer: DONE",
                        "release foo returns ok",
                        "RemoveComm: DONE"),
                alone(
                        "through the port: members that nobody forgot are there when the lockspace is made anew",
                        node -> {
                            join(node);
                            node.release("foo");
                            node.hears(2);
                            apply(node, new Mutation.Stop(FOO, "test"));
                            apply(node, new Mutation.Answer(FOO, Uevent.Action.OFFLINE, 0));
                            node.returns("release foo");
                            node.hears(1);
                            snapshot(node);
                            node.create("foo");
                            node.hears(2);
                            snapshot(node);
                            apply(node, new Mutation.ForgetMembers(FOO));
                            snapshot(node);
                            apply(node, new Mutation.Answer(FOO, Uevent.Action.ONLINE, -5));
                            node.returns("create foo");
                        },
                        "Stop: DONE, status was ff",
                        "Answer: DONE",
                        "release foo returns ok",
                        "empty",
                        "foo id 0 status 0 polls 0 members [1] waits ONLINE",
                        "ForgetMembers: DONE",
                        "foo id 0 status 0 polls 0 members [] waits ONLINE",
                        "Answer: DONE",
                        "create foo returns EIO"),
                alone(
                        "through the port: a refusal reaches the program",
                        node -> {
                            node.create("foo");
                            node.hears(2);
                            apply(node, new Mutation.Answer(FOO, Uevent.Action.ONLINE, -19));
                            node.returns("create foo");
                            node.hears(1);
                            node.create("a/b");
                            node.hears(2);
                            node.note("answerUnusable: " + told(node.kernel().answerUnusable("a!b", -22)));
                            node.returns("create a/b");
                            node.hears(1);
                            snapshot(node);
                        },
                        "Answer: DONE",
                        "create foo returns ENODEV",
                        "answerUnusable: DONE",
                        "create a/b returns EINVAL",
                        "empty"),
                alone(
                        "through the port: what is done to no lockspace says so, and there is nothing to forget",
                        node -> {
                            apply(node, new Mutation.Stop(NONE, "test"));
                            apply(node, new Mutation.Answer(NONE, Uevent.Action.ONLINE, 0));
                            apply(node, new Mutation.Start(NONE, new Epoch(1), view(1), new TreeSet<>()));
                            apply(node, new Mutation.ForgetMembers(NONE));
                            node.note("answerUnusable: " + told(node.kernel().answerUnusable("no!ne", -22)));
                            node.note("read: " + shown(node.kernel().read(NONE)));
                        },
                        "Stop: GONE",
                        "Answer: GONE",
                        "Start: GONE",
                        "ForgetMembers: DONE",
                        "answerUnusable: GONE",
                        "read: nothing"));
    }

    private static void apply(Session node, Mutation mutation) {
        node.note(
                mutation.getClass().getSimpleName() + ": " + told(node.kernel().apply(mutation)));
    }

    private static String told(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            return failed.errorClass() == Outcome.ErrorClass.GONE ? "GONE" : failed.toString();
        }
        return outcome instanceof Outcome.Done done && done.statusBefore() > 0
                ? "DONE, status was " + Integer.toHexString(done.statusBefore())
                : "DONE";
    }

    /** A join that notes nothing. */
    private static void join(Session node) {
        node.create("foo");
        node.hears(2);
        node.kernel().apply(start(1, 1));
        node.kernel().apply(new Mutation.Answer(FOO, Uevent.Action.ONLINE, 0));
        node.finished("create foo");
        node.hears(1);
    }

    private static void leave(Session node) {
        apply(node, new Mutation.Stop(FOO, "test"));
        apply(node, new Mutation.ForgetMembers(FOO));
        apply(node, new Mutation.Answer(FOO, Uevent.Action.OFFLINE, 0));
        node.returns("release foo");
        node.hears(1);
    }

    private static void snapshot(Session node) throws IOException {
        KernelSnapshot all = node.kernel().read(true);
        if (all.lockspaces().isEmpty()) {
            node.note("empty");
        }
        all.lockspaces().values().forEach(each -> node.note(shown(Optional.of(each))));
    }

    private static void one(Session node) throws IOException {
        node.note(shown(node.kernel().read(FOO)));
    }

    private static void comms(Session node) throws IOException {
        node.note("comms " + node.kernel().read(false).comms());
    }

    private static String shown(Optional<KernelLockspace> read) {
        return read.map(lockspace -> String.format(
                                Locale.ROOT,
                                "%s id %s status %x polls %d members %s",
                                lockspace.name(),
                                Integer.toUnsignedString(lockspace.globalId()),
                                lockspace.recoverStatus(),
                                lockspace.recoverNodeid(),
                                lockspace.members())
                        + lockspace
                                .unanswered()
                                .map(action -> " waits " + action)
                                .orElse(""))
                .orElse("nothing");
    }

    private static Mutation comm(int node) {
        return new Mutation.AddComm(NodeNumber.of(node), new BootId(node, 1));
    }

    private static Mutation start(long epoch, int... nodes) {
        return new Mutation.Start(FOO, new Epoch(epoch), view(nodes), new TreeSet<>());
    }

    private static View view(int... nodes) {
        List<Member> members = new ArrayList<>();
        for (int node : nodes) {
            members.add(new Member(NodeNumber.of(node), new BootId(node, 1), new Generation(1), new JoinNumber(1)));
        }
        return View.of(members);
    }
}
