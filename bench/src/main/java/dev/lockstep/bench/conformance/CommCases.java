// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import static dev.lockstep.bench.conformance.ConformanceCase.alone;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** comms/N in configfs. */
final class CommCases {
    private CommCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                alone(
                        "a comm is born without nodeid, address and mark",
                        node -> {
                            node.mkdir("comms/2");
                            node.mkdir("comms/2");
                            for (String file : List.of("nodeid", "local", "mark", "addr", "addr_list")) {
                                node.show("comms/2/" + file);
                            }
                            node.mkdir("comms/2/sub");
                            node.rmdir("comms/2");
                            node.rmdir("comms/2");
                        },
                        "mkdir comms/2: ok",
                        "mkdir comms/2: EEXIST",
                        "comms/2/nodeid: -1",
                        "comms/2/local: 0",
                        "comms/2/mark: 0",
                        "comms/2/addr: EACCES",
                        "comms/2/addr_list: <no line feed>",
                        "mkdir comms/2/sub: EPERM",
                        "rmdir comms/2: ok",
                        "rmdir comms/2: ENOENT"),
                alone(
                        "an address is 128 bytes, at most three of them, none twice",
                        node -> {
                            node.mkdir("comms/2");
                            node.set("comms/2/nodeid", "2");
                            byte[] address = SocketAddress.of(10, 77, 0, 2);
                            node.write("comms/2/addr", Arrays.copyOf(address, 127), "127 bytes");
                            node.write("comms/2/addr", Arrays.copyOf(address, 129), "129 bytes");
                            node.write("comms/2/addr", Arrays.copyOf(address, 16), "16 bytes");
                            node.write("comms/2/addr", address, "10.77.0.2");
                            node.write("comms/2/addr", address, "10.77.0.2");
                            node.write("comms/2/addr", SocketAddress.of(10, 77, 1, 2), "10.77.1.2");
                            node.write("comms/2/addr", SocketAddress.of(10, 77, 2, 2), "10.77.2.2");
                            node.write("comms/2/addr", SocketAddress.of(10, 77, 3, 2), "10.77.3.2");
                            node.show("comms/2/addr_list");
                            node.write("comms/2/addr_list", "x");
                            node.rmdir("comms/2");
                        },
                        "mkdir comms/2: ok",
                        "comms/2/addr=127 bytes: EINVAL",
                        "comms/2/addr=129 bytes: EINVAL",
                        "comms/2/addr=16 bytes: EINVAL",
                        "comms/2/addr=10.77.0.2: ok",
                        "comms/2/addr=10.77.0.2: EEXIST",
                        "comms/2/addr=10.77.1.2: ok",
                        "comms/2/addr=10.77.2.2: ok",
                        "comms/2/addr=10.77.3.2: ENOSPC",
                        "comms/2/addr_list: AF_INET 10.77.0.2\\nAF_INET 10.77.1.2\\nAF_INET 10.77.2.2",
                        "comms/2/addr_list=x: EACCES",
                        "rmdir comms/2: ok"),
                alone(
                        "an address of no known family is taken and shown as unknown",
                        node -> {
                            node.mkdir("comms/2");
                            node.set("comms/2/nodeid", "2");
                            byte[] strange = SocketAddress.of(10, 77, 0, 2);
                            Arrays.fill(strange, 0, 2, (byte) 99);
                            node.write("comms/2/addr", strange, "of family 25443");
                            node.show("comms/2/addr_list");
                            node.rmdir("comms/2");
                        },
                        "mkdir comms/2: ok",
                        "comms/2/addr=of family 25443: ok",
                        "comms/2/addr_list: <UNKNOWN>",
                        "rmdir comms/2: ok"),
                alone(
                        "an IPv6 address is shown in full",
                        node -> {
                            node.mkdir("comms/2");
                            node.set("comms/2/nodeid", "2");
                            byte[] address = new byte[128];
                            ByteBuffer.wrap(address)
                                    .order(ByteOrder.nativeOrder())
                                    .putShort((short) 10);
                            address[8] = (byte) 0xfd;
                            address[23] = 2;
                            node.write("comms/2/addr", address, "fd00::2");
                            node.show("comms/2/addr_list");
                            node.rmdir("comms/2");
                        },
                        "mkdir comms/2: ok",
                        "comms/2/addr=fd00::2: ok",
                        "comms/2/addr_list: AF_INET6 fd00:0000:0000:0000:0000:0000:0000:0002",
                        "rmdir comms/2: ok"),
                alone(
                        "two comms may have one address; two with one nodeid share what the transport knows",
                        node -> {
                            node.mkdir("comms/2");
                            node.set("comms/2/nodeid", "2");
                            node.write("comms/2/addr", SocketAddress.of(10, 77, 0, 9), "10.77.0.9");
                            node.mkdir("comms/3");
                            node.set("comms/3/nodeid", "3");
                            node.write("comms/3/addr", SocketAddress.of(10, 77, 0, 9), "10.77.0.9");
                            node.mkdir("comms/twin");
                            node.write("comms/twin/nodeid", "3");
                            node.write("comms/twin/addr", SocketAddress.of(10, 77, 0, 9), "10.77.0.9");
                            node.write("comms/twin/addr", SocketAddress.of(10, 77, 0, 8), "10.77.0.8");
                            node.show("comms/3/addr_list");
                            node.show("comms/twin/addr_list");
                            node.rmdir("comms/twin");
                            node.write("comms/3/addr", SocketAddress.of(10, 77, 0, 9), "10.77.0.9");
                            node.rmdir("comms/3");
                            node.rmdir("comms/2");
                        },
                        "mkdir comms/2: ok",
                        "comms/2/addr=10.77.0.9: ok",
                        "mkdir comms/3: ok",
                        "comms/3/addr=10.77.0.9: ok",
                        "mkdir comms/twin: ok",
                        "comms/twin/nodeid=3: ok",
                        "comms/twin/addr=10.77.0.9: EEXIST",
                        "comms/twin/addr=10.77.0.8: ok",
                        "comms/3/addr_list: AF_INET 10.77.0.9",
                        "comms/twin/addr_list: AF_INET 10.77.0.8",
                        "rmdir comms/twin: ok",
                        "comms/3/addr=10.77.0.9: ok",
                        "rmdir comms/3: ok",
                        "rmdir comms/2: ok"),
                alone(
                        "a mark needs an address first, and 0 stands for the cluster's",
                        node -> {
                            node.mkdir("comms/2");
                            node.set("comms/2/nodeid", "2");
                            node.write("comms/2/mark", "5");
                            node.set("comms/2/addr", SocketAddress.ofNode(2));
                            for (String value : List.of("5", "4294967295", "-1", "x")) {
                                node.write("comms/2/mark", value);
                                node.show("comms/2/mark");
                            }
                            node.write("mark", "9");
                            node.write("comms/2/mark", "0");
                            node.show("comms/2/mark");
                            node.set("mark", "0");
                            node.rmdir("comms/2");
                        },
                        "mkdir comms/2: ok",
                        "comms/2/mark=5: ENOENT",
                        "comms/2/mark=5: ok",
                        "comms/2/mark: 5",
                        "comms/2/mark=4294967295: ok",
                        "comms/2/mark: 4294967295",
                        "comms/2/mark=-1: EINVAL",
                        "comms/2/mark: 4294967295",
                        "comms/2/mark=x: EINVAL",
                        "comms/2/mark: 4294967295",
                        "mark=9: ok",
                        "comms/2/mark=0: ok",
                        "comms/2/mark: 9",
                        "rmdir comms/2: ok"),
                alone(
                        "a second local comm shows so and is not: lockspaces are created by the first",
                        node -> {
                            node.meet(2);
                            for (String value : List.of("x", "-2", "1")) {
                                node.write("comms/2/local", value);
                                node.show("comms/2/local");
                            }
                            node.join("foo");
                            node.show("foo/recover_nodeid");
                            node.leave("foo");
                            node.part(2);
                            node.write("comms/1/local", "0");
                            node.show("comms/1/local");
                            node.join("foo");
                            node.leave("foo");
                            node.set("comms/1/local", "1");
                        },
                        "comms/2/local=x: EINVAL",
                        "comms/2/local: 0",
                        "comms/2/local=-2: ok",
                        "comms/2/local: -2",
                        "comms/2/local=1: ok",
                        "comms/2/local: 1",
                        "foo/recover_nodeid: 1",
                        "comms/1/local=0: ok",
                        "comms/1/local: 0"),
                alone(
                        "without a local comm a create fails at once, and nobody hears of it",
                        node -> {
                            node.part(1);
                            node.create("foo");
                            node.returns("create foo");
                            node.uevents(0);
                            node.meet(1);
                            node.set("comms/1/local", "1");
                            node.join("foo");
                            node.leave("foo");
                        },
                        "create foo returns ENOTCONN",
                        "uevents: none"));
    }
}
