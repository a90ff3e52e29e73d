// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import static dev.lockstep.bench.conformance.ConformanceCase.alone;

import java.util.List;

/** The values of id and nodir. */
final class AttributeCases {
    private AttributeCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                alone(
                        "id is an unsigned number in any base, and outlives stops and starts",
                        node -> {
                            node.join("foo");
                            node.set("foo/control", "0");
                            for (String value : List.of("-1", "4294967296", "x", "4294967295\n", "010", "0x1F", "+7")) {
                                node.write("foo/id", value);
                                node.show("foo/id");
                            }
                            node.set("foo/control", "1");
                            node.becomes("foo/recover_status", "ff");
                            node.set("foo/control", "0");
                            node.show("foo/id");
                            node.leave("foo");
                        },
                        "foo/id=-1: EINVAL",
                        "foo/id: 1826763677",
                        "foo/id=4294967296: ERANGE",
                        "foo/id: 1826763677",
                        "foo/id=x: EINVAL",
                        "foo/id: 1826763677",
                        "foo/id=4294967295\\n: ok",
                        "foo/id: 4294967295",
                        "foo/id=010: ok",
                        "foo/id: 8",
                        "foo/id=0x1F: ok",
                        "foo/id: 31",
                        "foo/id=+7: ok",
                        "foo/id: 7",
                        "foo/recover_status: ff",
                        "foo/id: 7"),
                alone(
                        "id of a lockspace made anew is 0 again",
                        node -> {
                            node.join("foo");
                            node.show("foo/id");
                            node.leave("foo");
                            node.create("foo");
                            node.uevents(2);
                            node.show("foo/id");
                            node.set("foo/event_done", "-5");
                            node.returns("create foo");
                        },
                        "foo/id: 1826763677",
                        "uevents: add foo, online foo",
                        "foo/id: 0",
                        "create foo returns EIO"),
                alone(
                        "nodir is set by 1 alone, and never cleared",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            for (String value : List.of("0", "2", "-1", "x", "1", "0")) {
                                node.write("foo/nodir", value);
                                node.show("foo/nodir");
                            }
                            node.start("foo", 1);
                            node.set("foo/event_done", "0");
                            node.returns("create foo");
                            node.uevents(1);
                            node.show("foo/nodir");
                            node.leave("foo");
                        },
                        "uevents: add foo, online foo",
                        "foo/nodir=0: ok",
                        "foo/nodir: 0",
                        "foo/nodir=2: ok",
                        "foo/nodir: 0",
                        "foo/nodir=-1: ok",
                        "foo/nodir: 0",
                        "foo/nodir=x: EINVAL",
                        "foo/nodir: 0",
                        "foo/nodir=1: ok",
                        "foo/nodir: 1",
                        "foo/nodir=0: ok",
                        "foo/nodir: 1",
                        "create foo returns ok",
                        "uevents: add device dlm_foo",
                        "foo/nodir: 1"));
    }
}
