// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import dev.lockstep.nativeio.NativeFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All cases, and how one is run. */
public final class Suite {
    /** How many machines the cases take at most. */
    public static final int MACHINES = 2;

    private Suite() {}

    /** {@return all cases, in the order in which they run} */
    public static List<ConformanceCase> cases() {
        return Stream.of(
                        UeventCases.all(),
                        CallCases.all(),
                        ControlCases.all(),
                        AttributeCases.all(),
                        MemberCases.all(),
                        CommCases.all(),
                        ClusterCases.all(),
                        PeerCases.all(),
                        PortCases.all())
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Makes a machine ready: cluster, and the comm of the node itself.
     *
     * @throws NativeFailure if a step fails
     */
    public static void prepare(Machine machine, int number) throws NativeFailure {
        machine.tree().makeDirectory(Session.CLUSTER);
        write(machine, "cluster_name", "conformance");
        write(machine, "recover_callbacks", "1");
        machine.tree().makeDirectory(Session.absolute("comms/" + number));
        write(machine, "comms/" + number + "/nodeid", Integer.toString(number));
        machine.tree().write(Session.absolute("comms/" + number + "/addr"), SocketAddress.ofNode(number));
        write(machine, "comms/" + number + "/local", "1");
    }

    private static void write(Machine machine, String path, String value) throws NativeFailure {
        machine.tree().write(Session.absolute(path), value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Runs one case on prepared machines.
     *
     * @param machines node 1 first
     * @return what was observed, what the case left behind included
     */
    public static List<String> observe(ConformanceCase one, List<? extends Machine> machines) {
        List<String> notes = new ArrayList<>();
        List<Session> nodes = new ArrayList<>();
        for (int i = 0; i < one.machines(); i++) {
            nodes.add(new Session(machines.get(i), i + 1, notes));
        }
        try {
            one.story().tell(nodes);
        } catch (Exception e) {
            notes.add("the case fails: " + e);
        }
        nodes.forEach(Session::close);
        return notes;
    }
}
