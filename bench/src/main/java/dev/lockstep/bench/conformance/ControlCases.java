// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import static dev.lockstep.bench.conformance.ConformanceCase.alone;

import java.util.List;

/** What control takes, what it does, and what recover_status and recover_nodeid show of it. */
final class ControlCases {
    private ControlCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                alone(
                        "a lockspace is born stopped, without id, and polls nobody",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            for (String file : List.of("id", "nodir", "recover_status", "recover_nodeid")) {
                                node.show("foo/" + file);
                            }
                            node.set("foo/event_done", "-5");
                            node.returns("create foo");
                        },
                        "uevents: add foo, online foo",
                        "foo/id: 0",
                        "foo/nodir: 0",
                        "foo/recover_status: 0",
                        "foo/recover_nodeid: 0",
                        "create foo returns EIO"),
                alone(
                        "control takes 0 and 1, with a line feed or a NUL, and nothing else",
                        node -> {
                            node.join("foo");
                            for (String value :
                                    List.of("2", "-1", "x", "1 ", "1\n\n", "4294967297", "0\n", "1\0", "0")) {
                                node.write("foo/control", value);
                            }
                            node.leave("foo");
                        },
                        "foo/control=2: EINVAL",
                        "foo/control=-1: EINVAL",
                        "foo/control=x: EINVAL",
                        "foo/control=1 : EINVAL",
                        "foo/control=1\\n\\n: EINVAL",
                        "foo/control=4294967297: ERANGE",
                        "foo/control=0\\n: ok",
                        "foo/control=1\\0: ok",
                        "foo/control=0: ok"),
                alone(
                        "control and event_done cannot be read, recover_status and recover_nodeid not written",
                        node -> {
                            node.join("foo");
                            node.show("foo/control");
                            node.show("foo/event_done");
                            node.write("foo/recover_status", "0");
                            node.write("foo/recover_nodeid", "0");
                            node.show("foo/none");
                            node.mkdir("foo/sub");
                            node.rmdir("foo/control");
                            node.leave("foo");
                        },
                        "foo/control: EACCES",
                        "foo/event_done: EACCES",
                        "foo/recover_status=0: EACCES",
                        "foo/recover_nodeid=0: EACCES",
                        "foo/none: ENOENT",
                        "mkdir foo/sub: EPERM",
                        "rmdir foo/control: ENOTDIR"),
                alone(
                        "a start without an entry in configfs succeeds and starts nothing",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            node.set("foo/event_done", "0");
                            node.write("foo/control", "1");
                            node.settle();
                            node.show("foo/recover_status");
                            node.stillSleeps("create foo");
                            node.start("foo", 1);
                            node.returns("create foo");
                            node.uevents(1);
                            node.leave("foo");
                        },
                        "uevents: add foo, online foo",
                        "foo/control=1: ok",
                        "foo/recover_status: 0",
                        "create foo sleeps",
                        "create foo returns ok",
                        "uevents: add device dlm_foo"),
                alone(
                        "a start without members succeeds and starts nothing",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            node.set("foo/event_done", "0");
                            node.mkdir("spaces/foo");
                            node.write("foo/control", "1");
                            node.settle();
                            node.show("foo/recover_status");
                            node.stillSleeps("create foo");
                            node.start("foo", 1);
                            node.returns("create foo");
                            node.uevents(1);
                            node.leave("foo");
                        },
                        "uevents: add foo, online foo",
                        "mkdir spaces/foo: ok",
                        "foo/control=1: ok",
                        "foo/recover_status: 0",
                        "create foo sleeps",
                        "create foo returns ok",
                        "uevents: add device dlm_foo"),
                alone(
                        "recover_status is ff on the lowest node while it runs and 0 once it is stopped",
                        node -> {
                            node.join("foo");
                            node.show("foo/recover_status");
                            node.show("foo/recover_nodeid");
                            node.write("foo/control", "0");
                            node.show("foo/recover_status");
                            node.show("foo/recover_nodeid");
                            node.write("foo/control", "0");
                            node.show("foo/recover_status");
                            node.write("foo/control", "1");
                            node.becomes("foo/recover_status", "ff");
                            node.leave("foo");
                        },
                        "foo/recover_status: ff",
                        "foo/recover_nodeid: 1",
                        "foo/control=0: ok",
                        "foo/recover_status: 0",
                        "foo/recover_nodeid: 1",
                        "foo/control=0: ok",
                        "foo/recover_status: 0",
                        "foo/control=1: ok",
                        "foo/recover_status: ff"),
                alone(
                        "a start of what runs succeeds and is ignored, its members too",
                        node -> {
                            node.join("foo");
                            node.members("foo", 1, 2);
                            node.write("foo/control", "1");
                            node.settle();
                            node.show("foo/recover_status");
                            node.show("foo/recover_nodeid");
                            node.leave("foo");
                        },
                        "foo/control=1: ok",
                        "foo/recover_status: ff",
                        "foo/recover_nodeid: 1"),
                alone(
                        "a stop before the first start is harmless",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            node.write("foo/control", "0");
                            node.write("foo/control", "0");
                            node.start("foo", 1);
                            node.set("foo/event_done", "0");
                            node.returns("create foo");
                            node.uevents(1);
                            node.leave("foo");
                        },
                        "uevents: add foo, online foo",
                        "foo/control=0: ok",
                        "foo/control=0: ok",
                        "create foo returns ok",
                        "uevents: add device dlm_foo"),
                alone(
                        "a recovery waits for a member that no transport reaches: status 0, and it names the node",
                        node -> {
                            node.meet(2);
                            node.join("foo");
                            node.set("foo/control", "0");
                            node.members("foo", 1, 2);
                            node.set("foo/control", "1");
                            node.becomes("foo/recover_nodeid", "2");
                            node.show("foo/recover_status");
                            node.write("foo/control", "0");
                            node.show("foo/recover_status");
                            node.members("foo", 1);
                            node.write("foo/control", "1");
                            node.becomes("foo/recover_status", "ff");
                            node.leave("foo");
                            node.part(2);
                        },
                        "foo/recover_nodeid: 2",
                        "foo/recover_status: 0",
                        "foo/control=0: ok",
                        "foo/recover_status: 0",
                        "foo/control=1: ok",
                        "foo/recover_status: ff"),
                alone(
                        "a start on top of a recovery that waits does not replace it; after a stop it does",
                        node -> {
                            node.meet(2);
                            node.join("foo");
                            node.set("foo/control", "0");
                            node.members("foo", 1, 2);
                            node.set("foo/control", "1");
                            node.becomes("foo/recover_nodeid", "2");
                            node.members("foo", 1);
                            node.write("foo/control", "1");
                            node.settle();
                            node.show("foo/recover_nodeid");
                            node.show("foo/recover_status");
                            node.write("foo/control", "0");
                            node.write("foo/control", "1");
                            node.becomes("foo/recover_status", "ff");
                            node.leave("foo");
                            node.part(2);
                        },
                        "foo/recover_nodeid: 2",
                        "foo/control=1: ok",
                        "foo/recover_nodeid: 2",
                        "foo/recover_status: 0",
                        "foo/control=0: ok",
                        "foo/control=1: ok",
                        "foo/recover_status: ff"));
    }
}
