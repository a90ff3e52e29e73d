// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import static dev.lockstep.bench.conformance.ConformanceCase.alone;

import java.util.List;

/** Creates and releases, what they wait for, and what event_done does to them. */
final class CallCases {
    private CallCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                alone(
                        "a create sleeps until event_done is written, even when its recovery is over",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            node.stillSleeps("create foo");
                            node.start("foo", 1);
                            node.becomes("foo/recover_status", "ff");
                            node.stillSleeps("create foo");
                            node.write("foo/event_done", "0");
                            node.returns("create foo");
                            node.uevents(1);
                            node.leave("foo");
                        },
                        "uevents: add foo, online foo",
                        "create foo sleeps",
                        "foo/recover_status: ff",
                        "create foo sleeps",
                        "foo/event_done=0: ok",
                        "create foo returns ok",
                        "uevents: add device dlm_foo"),
                alone(
                        "an answered create sleeps on until its first recovery is over",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            node.write("foo/event_done", "0");
                            node.stillSleeps("create foo");
                            node.start("foo", 1);
                            node.returns("create foo");
                            node.uevents(1);
                            node.leave("foo");
                        },
                        "uevents: add foo, online foo",
                        "foo/event_done=0: ok",
                        "create foo sleeps",
                        "create foo returns ok",
                        "uevents: add device dlm_foo"),
                alone(
                        "a negative event_done fails the create with that error, without an offline",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            node.write("foo/event_done", "-19");
                            node.returns("create foo");
                            node.uevents(1);
                            node.list("");
                        },
                        "uevents: add foo, online foo",
                        "foo/event_done=-19: ok",
                        "create foo returns ENODEV",
                        "uevents: remove foo",
                        "/: empty"),
                alone(
                        "a negative event_done fails a create whose lockspace runs already",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            node.start("foo", 1);
                            node.becomes("foo/recover_status", "ff");
                            node.write("foo/event_done", "-0x16");
                            node.returns("create foo");
                            node.uevents(1);
                            node.forget("foo");
                        },
                        "uevents: add foo, online foo",
                        "foo/recover_status: ff",
                        "foo/event_done=-0x16: ok",
                        "create foo returns EINVAL",
                        "uevents: remove foo"),
                alone(
                        "a positive event_done passes for success",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            node.start("foo", 1);
                            node.write("foo/event_done", "5");
                            node.returns("create foo");
                            node.uevents(1);
                            node.leave("foo");
                        },
                        "uevents: add foo, online foo",
                        "foo/event_done=5: ok",
                        "create foo returns ok",
                        "uevents: add device dlm_foo"),
                alone(
                        "a second event_done is remembered: the release does not wait for its own",
                        node -> {
                            node.join("foo");
                            node.write("foo/event_done", "0");
                            node.set("foo/control", "0");
                            node.forget("foo");
                            node.release("foo");
                            node.returns("release foo");
                            node.uevents(3);
                        },
                        "foo/event_done=0: ok",
                        "release foo returns ok",
                        "uevents: remove device dlm_foo, offline foo, remove foo"),
                alone(
                        "the value that answers a release is ignored",
                        node -> {
                            node.join("foo");
                            node.release("foo");
                            node.uevents(2);
                            node.stillSleeps("release foo");
                            node.set("foo/control", "0");
                            node.forget("foo");
                            node.write("foo/event_done", "-5");
                            node.returns("release foo");
                            node.uevents(1);
                        },
                        "uevents: remove device dlm_foo, offline foo",
                        "release foo sleeps",
                        "foo/event_done=-5: ok",
                        "release foo returns ok",
                        "uevents: remove foo"),
                alone(
                        "garbage in event_done is refused and answers nothing",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            for (String garbage : List.of("yes", "1x", " 1", "0x", "08", "99999999999", "-", "\n")) {
                                node.write("foo/event_done", garbage);
                            }
                            node.stillSleeps("create foo");
                            node.write("foo/event_done", "-022\n");
                            node.returns("create foo");
                            node.uevents(1);
                            node.write("foo/event_done", "0");
                        },
                        "uevents: add foo, online foo",
                        "foo/event_done=yes: EINVAL",
                        "foo/event_done=1x: EINVAL",
                        "foo/event_done= 1: EINVAL",
                        "foo/event_done=0x: EINVAL",
                        "foo/event_done=08: EINVAL",
                        "foo/event_done=99999999999: ERANGE",
                        "foo/event_done=-: EINVAL",
                        "foo/event_done=\\n: EINVAL",
                        "create foo sleeps",
                        "foo/event_done=-022\\n: ok",
                        "create foo returns EXDEV",
                        "uevents: remove foo",
                        "foo/event_done=0: ENOENT"),
                alone(
                        "one create that waits holds up every other on the node, even its uevents",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            node.create("bar");
                            node.uevents(0);
                            node.stillSleeps("create bar");
                            node.list("");
                            node.set("foo/event_done", "-5");
                            node.returns("create foo");
                            node.uevents(3);
                            node.set("bar/event_done", "-5");
                            node.returns("create bar");
                            node.uevents(1);
                        },
                        "uevents: add foo, online foo",
                        "uevents: none",
                        "create bar sleeps",
                        "/: foo",
                        "create foo returns EIO",
                        "uevents: remove foo, add bar, online bar",
                        "create bar returns EIO",
                        "uevents: remove bar"),
                alone(
                        "one release that waits holds up creates and releases",
                        node -> {
                            node.join("foo");
                            node.join("bar");
                            node.release("foo");
                            node.uevents(2);
                            node.release("bar");
                            node.create("new");
                            node.uevents(0);
                            node.stillSleeps("release bar");
                            node.stillSleeps("create new");
                            node.set("foo/control", "0");
                            node.forget("foo");
                            node.set("foo/event_done", "0");
                            node.returns("release foo");
                            node.settle();
                            node.set("bar/control", "0");
                            node.forget("bar");
                            node.answerBoth("bar", "new");
                            node.returns("release bar");
                            node.returns("create new");
                        },
                        "uevents: remove device dlm_foo, offline foo",
                        "uevents: none",
                        "release bar sleeps",
                        "create new sleeps",
                        "release foo returns ok",
                        "release bar returns ok",
                        "create new returns EIO"),
                alone(
                        "a second create joins the first: no uevent, and only the last release sends offline",
                        node -> {
                            node.join("foo");
                            node.createAgain("foo");
                            node.returns("second create foo");
                            node.uevents(0);
                            node.release("foo");
                            node.returns("release foo");
                            node.uevents(0);
                            node.show("foo/recover_status");
                            node.releaseAgain("foo");
                            node.uevents(2);
                            node.set("foo/control", "0");
                            node.forget("foo");
                            node.set("foo/event_done", "0");
                            node.returns("second release foo");
                            node.uevents(1);
                        },
                        "second create foo returns ok",
                        "uevents: none",
                        "release foo returns ok",
                        "uevents: none",
                        "foo/recover_status: ff",
                        "uevents: remove device dlm_foo, offline foo",
                        "second release foo returns ok",
                        "uevents: remove foo"),
                alone(
                        "an exclusive create fails where the lockspace is there",
                        node -> {
                            node.createNew("foo");
                            node.uevents(2);
                            node.start("foo", 1);
                            node.set("foo/event_done", "0");
                            node.returns("exclusive create foo");
                            node.uevents(1);
                            node.createNew("foo");
                            node.returns("exclusive create foo");
                            node.uevents(0);
                            node.leave("foo");
                        },
                        "uevents: add foo, online foo",
                        "exclusive create foo returns ok",
                        "uevents: add device dlm_foo",
                        "exclusive create foo returns EEXIST",
                        "uevents: none"),
                alone(
                        "a release of what is not there fails",
                        node -> {
                            node.release("foo");
                            node.returns("release foo");
                            node.uevents(0);
                        },
                        "release foo returns ENOENT",
                        "uevents: none"));
    }
}
