// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.NodeNumber;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * /sys/kernel/config/dlm of one simulated node (fs/dlm config.c). The cluster made last is the one in use, and begins
 * with the settings of the one before.
 */
final class SimDlmConfig {
    private static final int CLUSTER_NAME_BYTES = 63;
    private static final int LEAST_BUFFER_BYTES = 4096;

    private final SimDlmFabric fabric;
    private final SimDlmNode node;
    private final Map<String, long[]> numbers = new HashMap<>();
    private final String[] clusterName = {""};
    private @Nullable SimDlmComms comms;
    private @Nullable SimDirectory spaces;

    SimDlmConfig(SimDlmFabric fabric, SimDlmNode node) {
        this.fabric = fabric;
        this.node = node;
    }

    /** {@return the subsystem's directory, where clusters are made} */
    SimDirectory root() {
        return new SimDirectory(true) {
            @Override
            SimDirectory made(String name) {
                return cluster();
            }
        };
    }

    private SimDirectory cluster() {
        SimDirectory cluster = new SimDirectory(false) {
            @Override
            void removed() {
                comms = null;
                spaces = null;
            }
        };
        number(cluster, "buffer_size", 4096, value -> refuseUnless(value >= LEAST_BUFFER_BYTES));
        number(cluster, "log_debug", 0, value -> {});
        number(cluster, "log_info", 1, value -> {});
        number(cluster, "new_rsb_count", 128, value -> {});
        number(cluster, "recover_callbacks", 0, value -> {});
        number(cluster, "recover_timer", 5, value -> refuseUnless(value != 0));
        number(cluster, "rsbtbl_size", 1024, value -> refuseUnless(value != 0));
        number(cluster, "scan_secs", 5, value -> refuseUnless(value != 0));
        number(cluster, "toss_secs", 10, value -> refuseUnless(value != 0));
        number(cluster, "protocol", 0, value -> {
            refuseUnless(value <= 1);
            refuseWhileTransportRuns();
        });
        number(cluster, "tcp_port", 21064, value -> {
            refuseUnless(value != 0);
            refuseWhileTransportRuns();
        });
        long[] mark = number(cluster, "mark", 0, value -> {});
        clusterName(cluster);
        comms = new SimDlmComms(fabric, node, mark);
        spaces = new SimDirectory(true) {
            @Override
            SimDirectory made(String name) {
                SimDirectory space = new SimDirectory(false);
                space.with("nodes", new SimDlmMembers());
                return space;
            }
        };
        cluster.with("comms", comms);
        cluster.with("spaces", spaces);
        return cluster;
    }

    private interface Check {
        void accept(long value) throws SimKernelError;
    }

    private long[] number(SimDirectory cluster, String name, long initial, Check check) {
        long[] held = numbers.computeIfAbsent(name, any -> new long[] {initial});
        cluster.attribute(name, () -> held[0] + "\n", written -> {
            long value = SimNumber.unsigned(written);
            check.accept(value);
            held[0] = value;
        });
        return held;
    }

    /** Kept as it is written, a line feed included. */
    private void clusterName(SimDirectory cluster) {
        cluster.attribute("cluster_name", () -> clusterName[0] + "\n", written -> {
            byte[] kept = Arrays.copyOf(written, Math.min(written.length, CLUSTER_NAME_BYTES));
            clusterName[0] = new String(kept, StandardCharsets.ISO_8859_1);
        });
    }

    private static void refuseUnless(boolean right) throws SimKernelError {
        if (!right) {
            throw new SimKernelError("EINVAL");
        }
    }

    private void refuseWhileTransportRuns() throws SimKernelError {
        if (!node.lockspaces.isEmpty()) {
            throw new SimKernelError("EBUSY");
        }
    }

    /** {@return whether there is an address to bind the transport to} */
    boolean hasLocalAddress() {
        return comms != null && comms.hasLocalAddress();
    }

    /**
     * Reads a lockspace's members for a start: from now on none of them is new.
     *
     * @return each member, and whether it was new; none where configfs does not have the lockspace
     */
    Map<NodeNumber, Boolean> readMembers(String lockspace) {
        SimDirectory space = spaces == null ? null : spaces.children().get(lockspace);
        if (space != null && space.children().get("nodes") instanceof SimDlmMembers members) {
            SortedMap<NodeNumber, Boolean> read = new TreeMap<>();
            members.read().forEach((nodeid, isNew) -> read.put(NodeNumber.of(nodeid - fabric.nodeidOffset()), isNew));
            return read;
        }
        return Map.of();
    }
}
