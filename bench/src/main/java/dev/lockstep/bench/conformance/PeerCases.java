// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import static dev.lockstep.bench.conformance.ConformanceCase.pair;

import java.util.List;

/** Recoveries of two nodes. A lockspace that only keeps node 2's transport listening is called "other". */
final class PeerCases {
    private PeerCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                pair(
                        "a member that is reached and has no such lockspace is waited for at the first barrier",
                        nodes -> {
                            Session one = nodes.get(0);
                            Session two = nodes.get(1);
                            meet(one, two);
                            two.join("other");
                            create(one);
                            one.start("foo", 1, 2);
                            one.set("foo/event_done", "0");
                            one.becomes("foo/recover_status", "1");
                            one.settle();
                            one.show("foo/recover_status");
                            one.show("foo/recover_nodeid");
                            one.stillSleeps("create foo");
                            create(two);
                            two.start("foo", 1, 2);
                            two.set("foo/event_done", "0");
                            returned(one, two);
                            show(one, two);
                            leave(one, two);
                            two.leave("other");
                            part(one, two);
                        },
                        "foo/recover_status: 1",
                        "foo/recover_status: 1",
                        "foo/recover_nodeid: 2",
                        "create foo sleeps",
                        "create foo returns ok",
                        "n2 create foo returns ok",
                        "foo/recover_status: ff",
                        "n2 foo/recover_status: 55",
                        "foo/recover_nodeid: 2",
                        "n2 foo/recover_nodeid: 1"),
                pair(
                        "a member that is stopped is waited for, by the lowest node and by another",
                        nodes -> {
                            Session one = nodes.get(0);
                            Session two = nodes.get(1);
                            meet(one, two);
                            run(one, two);
                            one.set("foo/control", "0");
                            two.set("foo/control", "0");
                            one.set("foo/control", "1");
                            one.becomes("foo/recover_status", "1");
                            one.settle();
                            one.show("foo/recover_status");
                            one.show("foo/recover_nodeid");
                            two.set("foo/control", "1");
                            show(one, two);
                            one.set("foo/control", "0");
                            two.set("foo/control", "0");
                            two.set("foo/control", "1");
                            two.becomes("foo/recover_status", "1");
                            two.settle();
                            two.show("foo/recover_status");
                            two.show("foo/recover_nodeid");
                            one.set("foo/control", "1");
                            show(one, two);
                            leave(one, two);
                            part(one, two);
                        },
                        "foo/recover_status: 1",
                        "foo/recover_status: 1",
                        "foo/recover_nodeid: 2",
                        "foo/recover_status: ff",
                        "n2 foo/recover_status: 55",
                        "foo/recover_nodeid: 2",
                        "n2 foo/recover_nodeid: 1",
                        "n2 foo/recover_status: 1",
                        "n2 foo/recover_status: 1",
                        "n2 foo/recover_nodeid: 1",
                        "foo/recover_status: ff",
                        "n2 foo/recover_status: 55",
                        "foo/recover_nodeid: 2",
                        "n2 foo/recover_nodeid: 1"),
                pair(
                        "a stop ends a recovery that waits at a barrier",
                        nodes -> {
                            Session one = nodes.get(0);
                            Session two = nodes.get(1);
                            meet(one, two);
                            run(one, two);
                            one.set("foo/control", "0");
                            two.set("foo/control", "0");
                            one.set("foo/control", "1");
                            one.becomes("foo/recover_status", "1");
                            one.write("foo/control", "0");
                            one.show("foo/recover_status");
                            one.write("foo/control", "1");
                            two.set("foo/control", "1");
                            show(one, two);
                            leave(one, two);
                            part(one, two);
                        },
                        "foo/recover_status: 1",
                        "foo/control=0: ok",
                        "foo/recover_status: 0",
                        "foo/control=1: ok",
                        "foo/recover_status: ff",
                        "n2 foo/recover_status: 55",
                        "foo/recover_nodeid: 2",
                        "n2 foo/recover_nodeid: 1"),
                pair(
                        "a start beside a node that never stopped passes all barriers on its old flags",
                        nodes -> {
                            Session one = nodes.get(0);
                            Session two = nodes.get(1);
                            meet(one, two);
                            run(one, two);
                            two.set("foo/control", "0");
                            two.set("foo/control", "1");
                            show(one, two);
                            leave(one, two);
                            part(one, two);
                        },
                        "foo/recover_status: ff",
                        "n2 foo/recover_status: 55",
                        "foo/recover_nodeid: 2",
                        "n2 foo/recover_nodeid: 1"),
                pair(
                        "lists that differ recover as well",
                        nodes -> {
                            Session one = nodes.get(0);
                            Session two = nodes.get(1);
                            meet(one, two);
                            run(one, two);
                            one.set("foo/control", "0");
                            two.set("foo/control", "0");
                            one.members("foo", 1);
                            one.set("foo/control", "1");
                            one.becomes("foo/recover_status", "ff");
                            two.set("foo/control", "1");
                            two.becomes("foo/recover_status", "55");
                            one.show("foo/recover_nodeid");
                            two.show("foo/recover_nodeid");
                            leave(one, two);
                            part(one, two);
                        },
                        "foo/recover_status: ff",
                        "n2 foo/recover_status: 55",
                        "foo/recover_nodeid: 1",
                        "n2 foo/recover_nodeid: 1"),
                pair(
                        "a member renewed while all are stopped is recovered with",
                        nodes -> {
                            Session one = nodes.get(0);
                            Session two = nodes.get(1);
                            meet(one, two);
                            run(one, two);
                            one.set("foo/control", "0");
                            two.set("foo/control", "0");
                            one.rmdir("spaces/foo/nodes/2");
                            one.mkdir("spaces/foo/nodes/2");
                            one.set("spaces/foo/nodes/2/nodeid", "2");
                            one.set("foo/control", "1");
                            two.set("foo/control", "1");
                            show(one, two);
                            leave(one, two);
                            part(one, two);
                        },
                        "rmdir spaces/foo/nodes/2: ok",
                        "mkdir spaces/foo/nodes/2: ok",
                        "foo/recover_status: ff",
                        "n2 foo/recover_status: 55",
                        "foo/recover_nodeid: 2",
                        "n2 foo/recover_nodeid: 1"),
                pair(
                        "the release of a node's last lockspace returns once the others have started without the node",
                        nodes -> {
                            Session one = nodes.get(0);
                            Session two = nodes.get(1);
                            meet(one, two);
                            run(one, two);
                            two.release("foo");
                            two.hears(2);
                            one.set("foo/control", "0");
                            two.set("foo/control", "0");
                            two.forget("foo");
                            two.write("foo/event_done", "0");
                            two.stillSleeps("release foo");
                            two.list("");
                            two.show("foo/recover_status");
                            two.create("bar");
                            two.stillSleeps("create bar");
                            one.members("foo", 1);
                            one.set("foo/control", "1");
                            two.returns("release foo");
                            two.uevents(3);
                            two.set("bar/event_done", "-5");
                            two.returns("create bar");
                            two.hears(1);
                            one.leave("foo");
                            part(one, two);
                        },
                        "n2 foo/event_done=0: ok",
                        "n2 release foo sleeps",
                        "n2 /: foo",
                        "n2 foo/recover_status: 0",
                        "n2 create bar sleeps",
                        "n2 release foo returns ok",
                        "n2 uevents: remove foo, add bar, online bar",
                        "n2 create bar returns EIO"),
                pair(
                        "the release of a lockspace that is not the node's last waits for nobody",
                        nodes -> {
                            Session one = nodes.get(0);
                            Session two = nodes.get(1);
                            meet(one, two);
                            two.join("other");
                            run(one, two);
                            two.release("foo");
                            two.hears(2);
                            one.set("foo/control", "0");
                            two.set("foo/control", "0");
                            two.forget("foo");
                            two.set("foo/event_done", "0");
                            two.returns("release foo");
                            two.uevents(1);
                            one.members("foo", 1);
                            one.set("foo/control", "1");
                            one.becomes("foo/recover_status", "ff");
                            one.leave("foo");
                            two.leave("other");
                            part(one, two);
                        },
                        "n2 release foo returns ok",
                        "n2 uevents: remove foo",
                        "foo/recover_status: ff"),
                pair(
                        "two nodes that release their last lockspace at once wait for neither",
                        nodes -> {
                            Session one = nodes.get(0);
                            Session two = nodes.get(1);
                            meet(one, two);
                            run(one, two);
                            for (Session node : nodes) {
                                node.release("foo");
                                node.hears(2);
                            }
                            for (Session node : nodes) {
                                node.set("foo/control", "0");
                                node.forget("foo");
                            }
                            one.set("foo/event_done", "0");
                            two.set("foo/event_done", "0");
                            for (Session node : nodes) {
                                node.returns("release foo");
                                node.uevents(1);
                            }
                            part(one, two);
                        },
                        "release foo returns ok",
                        "uevents: remove foo",
                        "n2 release foo returns ok",
                        "n2 uevents: remove foo"),
                pair(
                        "a last release goes on once the comm of the node it waits for is removed",
                        nodes -> {
                            Session one = nodes.get(0);
                            Session two = nodes.get(1);
                            meet(one, two);
                            run(one, two);
                            two.release("foo");
                            two.hears(2);
                            one.set("foo/control", "0");
                            two.set("foo/control", "0");
                            two.forget("foo");
                            two.set("foo/event_done", "0");
                            two.stillSleeps("release foo");
                            two.rmdir("comms/1");
                            two.returns("release foo");
                            two.hears(1);
                            one.rmdir("comms/2");
                            one.members("foo", 1);
                            one.set("foo/control", "1");
                            one.becomes("foo/recover_status", "ff");
                            one.leave("foo");
                        },
                        "n2 release foo sleeps",
                        "n2 rmdir comms/1: ok",
                        "n2 release foo returns ok",
                        "rmdir comms/2: ok",
                        "foo/recover_status: ff"),
                pair(
                        "comms recycled while all are stopped do not keep a recovery from its end",
                        nodes -> {
                            Session one = nodes.get(0);
                            Session two = nodes.get(1);
                            meet(one, two);
                            run(one, two);
                            one.set("foo/control", "0");
                            two.set("foo/control", "0");
                            part(one, two);
                            meet(one, two);
                            one.members("foo", 1, 2);
                            two.members("foo", 1, 2);
                            one.set("foo/control", "1");
                            two.set("foo/control", "1");
                            show(one, two);
                            leave(one, two);
                            part(one, two);
                        },
                        "foo/recover_status: ff",
                        "n2 foo/recover_status: 55",
                        "foo/recover_nodeid: 2",
                        "n2 foo/recover_nodeid: 1"));
    }

    private static void meet(Session one, Session two) {
        one.meet(2);
        two.meet(1);
    }

    private static void part(Session one, Session two) {
        one.part(2);
        two.part(1);
    }

    private static void create(Session node) {
        node.create("foo");
        node.hears(2);
    }

    /** Both run the lockspace. */
    private static void run(Session one, Session two) {
        create(one);
        create(two);
        for (Session node : List.of(one, two)) {
            node.start("foo", 1, 2);
            node.set("foo/event_done", "0");
        }
        for (Session node : List.of(one, two)) {
            node.finished("create foo");
            node.hears(1);
        }
    }

    private static void returned(Session one, Session two) {
        for (Session node : List.of(one, two)) {
            node.returns("create foo");
            node.hears(1);
        }
    }

    /** Notes what two show that run the lockspace. */
    private static void show(Session one, Session two) {
        one.becomes("foo/recover_status", "ff");
        two.becomes("foo/recover_status", "55");
        one.show("foo/recover_nodeid");
        two.show("foo/recover_nodeid");
    }

    /** Node 2 leaves, then node 1. The order is what fs/dlm wants: all stop, one goes, the others start without it. */
    private static void leave(Session one, Session two) {
        two.release("foo");
        two.hears(2);
        one.set("foo/control", "0");
        two.set("foo/control", "0");
        two.forget("foo");
        two.set("foo/event_done", "0");
        one.members("foo", 1);
        one.set("foo/control", "1");
        two.finished("release foo");
        two.hears(1);
        one.leave("foo");
    }
}
