// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import static dev.lockstep.bench.conformance.ConformanceCase.alone;

import java.util.List;

/** spaces/NAME/nodes in configfs. */
final class MemberCases {
    private MemberCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                alone(
                        "a space brings nodes along, a node is born without nodeid and with weight 1",
                        node -> {
                            node.mkdir("spaces/foo");
                            node.mkdir("spaces/foo");
                            node.list("spaces/foo");
                            node.mkdir("spaces/foo/nodes/7");
                            node.mkdir("spaces/foo/nodes/7");
                            node.show("spaces/foo/nodes/7/nodeid");
                            node.show("spaces/foo/nodes/7/weight");
                            node.mkdir("spaces/foo/nodes/7/sub");
                            node.mkdir("spaces/foo/sub");
                            node.mkdir("spaces/bar/nodes");
                            node.rmdir("spaces/foo/nodes");
                            node.rmdir("spaces/foo");
                            node.rmdir("spaces/foo/nodes/7");
                            node.rmdir("spaces/foo/nodes/7");
                            node.rmdir("spaces/foo/nodes");
                            node.rmdir("spaces/foo");
                        },
                        "mkdir spaces/foo: ok",
                        "mkdir spaces/foo: EEXIST",
                        "spaces/foo/: nodes",
                        "mkdir spaces/foo/nodes/7: ok",
                        "mkdir spaces/foo/nodes/7: EEXIST",
                        "spaces/foo/nodes/7/nodeid: -1",
                        "spaces/foo/nodes/7/weight: 1",
                        "mkdir spaces/foo/nodes/7/sub: EPERM",
                        "mkdir spaces/foo/sub: EPERM",
                        "mkdir spaces/bar/nodes: ENOENT",
                        "rmdir spaces/foo/nodes: EPERM",
                        "rmdir spaces/foo: ENOTEMPTY",
                        "rmdir spaces/foo/nodes/7: ok",
                        "rmdir spaces/foo/nodes/7: ENOENT",
                        "rmdir spaces/foo/nodes: EPERM",
                        "rmdir spaces/foo: ok"),
                alone(
                        "nodeid and weight take any signed number",
                        node -> {
                            node.mkdir("spaces/foo");
                            node.mkdir("spaces/foo/nodes/x");
                            for (String value : List.of("5", "-3", "2147483648", "five", "0x10\n")) {
                                node.write("spaces/foo/nodes/x/nodeid", value);
                                node.show("spaces/foo/nodes/x/nodeid");
                            }
                            for (String value : List.of("0", "-1", "2147483647", "1.5")) {
                                node.write("spaces/foo/nodes/x/weight", value);
                                node.show("spaces/foo/nodes/x/weight");
                            }
                            node.rmdir("spaces/foo/nodes/x");
                            node.rmdir("spaces/foo");
                        },
                        "mkdir spaces/foo: ok",
                        "mkdir spaces/foo/nodes/x: ok",
                        "spaces/foo/nodes/x/nodeid=5: ok",
                        "spaces/foo/nodes/x/nodeid: 5",
                        "spaces/foo/nodes/x/nodeid=-3: ok",
                        "spaces/foo/nodes/x/nodeid: -3",
                        "spaces/foo/nodes/x/nodeid=2147483648: ERANGE",
                        "spaces/foo/nodes/x/nodeid: -3",
                        "spaces/foo/nodes/x/nodeid=five: EINVAL",
                        "spaces/foo/nodes/x/nodeid: -3",
                        "spaces/foo/nodes/x/nodeid=0x10\\n: ok",
                        "spaces/foo/nodes/x/nodeid: 16",
                        "spaces/foo/nodes/x/weight=0: ok",
                        "spaces/foo/nodes/x/weight: 0",
                        "spaces/foo/nodes/x/weight=-1: ok",
                        "spaces/foo/nodes/x/weight: -1",
                        "spaces/foo/nodes/x/weight=2147483647: ok",
                        "spaces/foo/nodes/x/weight: 2147483647",
                        "spaces/foo/nodes/x/weight=1.5: EINVAL",
                        "spaces/foo/nodes/x/weight: 2147483647",
                        "rmdir spaces/foo/nodes/x: ok",
                        "rmdir spaces/foo: ok"),
                alone(
                        "two entries may name one node, and it counts once",
                        node -> {
                            node.join("foo");
                            node.set("foo/control", "0");
                            node.mkdir("spaces/foo/nodes/twin");
                            node.write("spaces/foo/nodes/twin/nodeid", "1");
                            node.set("foo/control", "1");
                            node.becomes("foo/recover_status", "ff");
                            node.show("foo/recover_nodeid");
                            node.leave("foo");
                        },
                        "mkdir spaces/foo/nodes/twin: ok",
                        "spaces/foo/nodes/twin/nodeid=1: ok",
                        "foo/recover_status: ff",
                        "foo/recover_nodeid: 1"),
                alone(
                        "a member's entry removed and made anew is started with as before",
                        node -> {
                            node.join("foo");
                            node.set("foo/control", "0");
                            node.rmdir("spaces/foo/nodes/1");
                            node.mkdir("spaces/foo/nodes/1");
                            node.show("spaces/foo/nodes/1/nodeid");
                            node.set("spaces/foo/nodes/1/nodeid", "1");
                            node.set("foo/control", "1");
                            node.becomes("foo/recover_status", "ff");
                            node.leave("foo");
                        },
                        "rmdir spaces/foo/nodes/1: ok",
                        "mkdir spaces/foo/nodes/1: ok",
                        "spaces/foo/nodes/1/nodeid: -1",
                        "foo/recover_status: ff"),
                alone(
                        "a space may go while its lockspace runs, which shows at the next start",
                        node -> {
                            node.join("foo");
                            node.rmdir("spaces/foo/nodes/1");
                            node.rmdir("spaces/foo");
                            node.settle();
                            node.show("foo/recover_status");
                            node.set("foo/control", "0");
                            node.write("foo/control", "1");
                            node.settle();
                            node.show("foo/recover_status");
                            node.members("foo", 1);
                            node.write("foo/control", "1");
                            node.becomes("foo/recover_status", "ff");
                            node.leave("foo");
                        },
                        "rmdir spaces/foo/nodes/1: ok",
                        "rmdir spaces/foo: ok",
                        "foo/recover_status: ff",
                        "foo/control=1: ok",
                        "foo/recover_status: 0",
                        "foo/control=1: ok",
                        "foo/recover_status: ff"));
    }
}
