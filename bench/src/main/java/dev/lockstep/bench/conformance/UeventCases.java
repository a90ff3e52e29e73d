// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import static dev.lockstep.bench.conformance.ConformanceCase.alone;

import java.util.List;

/** What arrives at the uevent socket. */
final class UeventCases {
    private UeventCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                alone(
                        "a create sends add, then online, each naming the lockspace",
                        node -> {
                            node.create("foo");
                            node.datagrams(2);
                            node.set("foo/event_done", "-5");
                            node.returns("create foo");
                            node.datagrams(1);
                        },
                        "add@/kernel/dlm/foo ACTION=add DEVPATH=/kernel/dlm/foo SUBSYSTEM=dlm LOCKSPACE=foo SEQNUM=*",
                        "online@/kernel/dlm/foo ACTION=online DEVPATH=/kernel/dlm/foo SUBSYSTEM=dlm LOCKSPACE=foo"
                                + " SEQNUM=*",
                        "create foo returns EIO",
                        "remove@/kernel/dlm/foo ACTION=remove DEVPATH=/kernel/dlm/foo SUBSYSTEM=dlm LOCKSPACE=foo"
                                + " SEQNUM=*"),
                alone(
                        "a release sends offline, and remove once all is freed; libdlm's device comes and goes first",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            node.start("foo", 1);
                            node.set("foo/event_done", "0");
                            node.returns("create foo");
                            node.datagrams(1);
                            node.release("foo");
                            node.datagrams(2);
                            node.finishLeave("foo");
                            node.datagrams(1);
                        },
                        "uevents: add foo, online foo",
                        "create foo returns ok",
                        "add@/devices/virtual/misc/dlm_foo ACTION=add DEVPATH=/devices/virtual/misc/dlm_foo"
                                + " SUBSYSTEM=misc MAJOR=* MINOR=* DEVNAME=dlm_foo SEQNUM=*",
                        "remove@/devices/virtual/misc/dlm_foo ACTION=remove DEVPATH=/devices/virtual/misc/dlm_foo"
                                + " SUBSYSTEM=misc MAJOR=* MINOR=* DEVNAME=dlm_foo SEQNUM=*",
                        "offline@/kernel/dlm/foo ACTION=offline DEVPATH=/kernel/dlm/foo SUBSYSTEM=dlm LOCKSPACE=foo"
                                + " SEQNUM=*",
                        "remove@/kernel/dlm/foo ACTION=remove DEVPATH=/kernel/dlm/foo SUBSYSTEM=dlm LOCKSPACE=foo"
                                + " SEQNUM=*"),
                alone(
                        "uevents are numbered upwards over all lockspaces and devices",
                        node -> {
                            node.create("a");
                            node.uevents(2);
                            node.start("a", 1);
                            node.set("a/event_done", "0");
                            node.returns("create a");
                            node.create("b");
                            node.sequence(3);
                            node.set("b/event_done", "-1");
                            node.returns("create b");
                            node.release("a");
                            node.sequence(3);
                            node.finishLeave("a");
                            node.sequence(1);
                        },
                        "uevents: add a, online a",
                        "create a returns ok",
                        "3 uevents, sequence numbers rise",
                        "create b returns EPERM",
                        "3 uevents, sequence numbers rise",
                        "1 uevents, sequence numbers rise"),
                alone(
                        "the agent hears of lockspaces and of no device",
                        node -> {
                            node.join("foo");
                            node.leave("foo");
                            node.signals(4);
                        },
                        "Received[uevent=Uevent[action=ADD, lockspace=foo]]",
                        "Received[uevent=Uevent[action=ONLINE, lockspace=foo]]",
                        "Received[uevent=Uevent[action=OFFLINE, lockspace=foo]]",
                        "Received[uevent=Uevent[action=REMOVE, lockspace=foo]]"),
                alone(
                        "a slash in a name is an exclamation mark in the path, and a slash in LOCKSPACE",
                        node -> {
                            node.create("a/b");
                            node.datagrams(2);
                            node.signals(2);
                            node.list("");
                            node.write("a!b/event_done", "-22");
                            node.returns("create a/b");
                            node.uevents(1);
                        },
                        "add@/kernel/dlm/a!b ACTION=add DEVPATH=/kernel/dlm/a!b SUBSYSTEM=dlm LOCKSPACE=a/b SEQNUM=*",
                        "online@/kernel/dlm/a!b ACTION=online DEVPATH=/kernel/dlm/a!b SUBSYSTEM=dlm LOCKSPACE=a/b"
                                + " SEQNUM=*",
                        "Unusable[action=ADD, directory=a!b, why=lockspace name 'a/b' cannot be a directory name]",
                        "Unusable[action=ONLINE, directory=a!b, why=lockspace name 'a/b' cannot be a directory name]",
                        "/: a!b",
                        "a!b/event_done=-22: ok",
                        "create a/b returns EINVAL",
                        "uevents: remove a!b"),
                alone(
                        "a name of 64 bytes is taken, one of 65 and an empty one are not",
                        node -> {
                            String longest = "n".repeat(64);
                            node.create(longest);
                            node.uevents(2);
                            node.mkdir("spaces/" + longest);
                            node.rmdir("spaces/" + longest);
                            node.set(longest + "/event_done", "-22");
                            node.returns("create " + longest);
                            node.uevents(1);
                            node.create("n".repeat(65));
                            node.returns("create " + "n".repeat(65));
                            node.create("");
                            node.returns("create ");
                            node.uevents(0);
                        },
                        "uevents: add " + "n".repeat(64) + ", online " + "n".repeat(64),
                        "mkdir spaces/" + "n".repeat(64) + ": ok",
                        "rmdir spaces/" + "n".repeat(64) + ": ok",
                        "create " + "n".repeat(64) + " returns EINVAL",
                        "uevents: remove " + "n".repeat(64),
                        "create " + "n".repeat(65) + " returns EINVAL",
                        "create  returns EINVAL",
                        "uevents: none"));
    }
}
