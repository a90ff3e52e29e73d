// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import static dev.lockstep.bench.conformance.ConformanceCase.alone;

import java.util.List;

/** The cluster's own attributes. */
final class ClusterCases {
    private ClusterCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                alone(
                        "a cluster has these settings, and they can be read",
                        node -> {
                            for (String name : List.of(
                                    "buffer_size",
                                    "cluster_name",
                                    "log_debug",
                                    "log_info",
                                    "mark",
                                    "new_rsb_count",
                                    "protocol",
                                    "recover_callbacks",
                                    "recover_timer",
                                    "rsbtbl_size",
                                    "scan_secs",
                                    "tcp_port",
                                    "toss_secs",
                                    "timewarn_cs",
                                    "rootless")) {
                                node.show(name);
                            }
                        },
                        "buffer_size: 4096",
                        "cluster_name: conformance",
                        "log_debug: 0",
                        "log_info: 1",
                        "mark: 0",
                        "new_rsb_count: 128",
                        "protocol: 0",
                        "recover_callbacks: 1",
                        "recover_timer: 5",
                        "rsbtbl_size: 1024",
                        "scan_secs: 5",
                        "tcp_port: 21064",
                        "toss_secs: 10",
                        "timewarn_cs: ENOENT",
                        "rootless: ENOENT"),
                alone(
                        "cluster_name keeps a line feed, and 63 bytes of what is longer",
                        node -> {
                            node.write("cluster_name", "web\n");
                            node.show("cluster_name");
                            node.write("cluster_name", "0123456789".repeat(7));
                            node.show("cluster_name");
                            node.set("cluster_name", "conformance");
                            node.show("cluster_name");
                        },
                        "cluster_name=web\\n: ok",
                        "cluster_name: web\\n",
                        "cluster_name=" + "0123456789".repeat(7) + ": ok",
                        "cluster_name: " + "0123456789".repeat(6) + "012",
                        "cluster_name: conformance"),
                alone(
                        "numbers out of their range are refused and change nothing",
                        node -> {
                            node.write("tcp_port", "0");
                            node.write("tcp_port", "-1");
                            node.write("tcp_port", "x");
                            node.show("tcp_port");
                            node.write("protocol", "2");
                            node.write("protocol", "1");
                            node.show("protocol");
                            node.write("protocol", "0");
                            node.write("buffer_size", "4095");
                            node.show("buffer_size");
                            node.write("recover_timer", "0");
                            node.write("rsbtbl_size", "0");
                            node.write("scan_secs", "0");
                            node.write("toss_secs", "0");
                            node.write("recover_callbacks", "4294967296");
                            node.show("recover_callbacks");
                            node.write("recover_callbacks", "2");
                            node.show("recover_callbacks");
                            node.set("recover_callbacks", "1");
                        },
                        "tcp_port=0: EINVAL",
                        "tcp_port=-1: EINVAL",
                        "tcp_port=x: EINVAL",
                        "tcp_port: 21064",
                        "protocol=2: EINVAL",
                        "protocol=1: ok",
                        "protocol: 1",
                        "protocol=0: ok",
                        "buffer_size=4095: EINVAL",
                        "buffer_size: 4096",
                        "recover_timer=0: EINVAL",
                        "rsbtbl_size=0: EINVAL",
                        "scan_secs=0: EINVAL",
                        "toss_secs=0: EINVAL",
                        "recover_callbacks=4294967296: ERANGE",
                        "recover_callbacks: 1",
                        "recover_callbacks=2: ok",
                        "recover_callbacks: 2"),
                alone(
                        "protocol and port cannot be changed from the first lockspace until the last is gone",
                        node -> {
                            node.create("foo");
                            node.uevents(2);
                            node.write("protocol", "0");
                            node.start("foo", 1);
                            node.set("foo/event_done", "0");
                            node.returns("create foo");
                            node.uevents(1);
                            node.join("bar");
                            node.write("protocol", "0");
                            node.write("protocol", "7");
                            node.write("tcp_port", "21065");
                            node.write("mark", "1");
                            node.write("cluster_name", "other");
                            node.set("cluster_name", "conformance");
                            node.set("mark", "0");
                            node.leave("foo");
                            node.write("tcp_port", "21065");
                            node.leave("bar");
                            node.write("tcp_port", "21065");
                            node.write("protocol", "0");
                            node.set("tcp_port", "21064");
                            node.show("tcp_port");
                        },
                        "uevents: add foo, online foo",
                        "protocol=0: EBUSY",
                        "create foo returns ok",
                        "uevents: add device dlm_foo",
                        "protocol=0: EBUSY",
                        "protocol=7: EINVAL",
                        "tcp_port=21065: EBUSY",
                        "mark=1: ok",
                        "cluster_name=other: ok",
                        "tcp_port=21065: EBUSY",
                        "tcp_port=21065: ok",
                        "protocol=0: ok",
                        "tcp_port: 21064"),
                alone(
                        "what came with the cluster cannot be removed, nor anything else made in it",
                        node -> {
                            node.mkdir("comms");
                            node.mkdir("other");
                            node.rmdir("comms");
                            node.rmdir("spaces");
                            node.rmdir("tcp_port");
                            node.rmdir("");
                        },
                        "mkdir comms: EEXIST",
                        "mkdir other: EPERM",
                        "rmdir comms: EPERM",
                        "rmdir spaces: EPERM",
                        "rmdir tcp_port: ENOTDIR",
                        "rmdir : ENOTEMPTY"),
                alone(
                        "a cluster made anew begins with the settings of the one before",
                        node -> {
                            node.set("recover_timer", "7");
                            node.set("cluster_name", "former");
                            node.part(1);
                            node.rmdir("");
                            node.rmdir("");
                            node.show("recover_timer");
                            node.mkdir("");
                            node.mkdir("");
                            node.list("comms");
                            node.list("spaces");
                            node.show("recover_timer");
                            node.show("cluster_name");
                            node.show("recover_callbacks");
                            node.set("recover_timer", "5");
                            node.set("cluster_name", "conformance");
                            node.meet(1);
                            node.set("comms/1/local", "1");
                        },
                        "rmdir : ok",
                        "rmdir : ENOENT",
                        "recover_timer: ENOENT",
                        "mkdir : ok",
                        "mkdir : EEXIST",
                        "comms/: empty",
                        "spaces/: empty",
                        "recover_timer: 7",
                        "cluster_name: former",
                        "recover_callbacks: 1"));
    }
}
