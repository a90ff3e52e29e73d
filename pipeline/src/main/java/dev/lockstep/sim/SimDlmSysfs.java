// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.NodeNumber;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** /sys/kernel/dlm of one simulated node: a directory for each lockspace (fs/dlm lockspace.c). */
final class SimDlmSysfs extends SimDirectory {
    private final SimDlmFabric fabric;
    private final SimDlmNode node;
    private final SimDlmConfig config;

    SimDlmSysfs(SimDlmFabric fabric, SimDlmNode node, SimDlmConfig config) {
        super(true);
        this.fabric = fabric;
        this.node = node;
        this.config = config;
    }

    @Override
    SortedMap<String, SimDirectory> children() {
        SortedMap<String, SimDirectory> all = new TreeMap<>();
        node.lockspaces.forEach((name, lockspace) -> all.put(name.value(), of(lockspace)));
        return all;
    }

    private SimDirectory of(SimDlmLockspace lockspace) {
        SimDirectory files = new SimDirectory(true);
        files.attribute("control", null, value -> control(lockspace, SimNumber.signed(value)));
        files.attribute("event_done", null, value -> {
            lockspace.eventDone = Optional.of(SimNumber.signed(value));
            node.calls().answered(lockspace);
        });
        files.attribute(
                "id",
                () -> Integer.toUnsignedString(lockspace.globalId) + "\n",
                value -> lockspace.globalId = (int) SimNumber.unsigned(value));
        files.attribute("nodir", () -> lockspace.nodir ? "1\n" : "0\n", value -> {
            if (SimNumber.signed(value) == 1) {
                lockspace.nodir = true;
            }
        });
        files.attribute("recover_status", () -> String.format(Locale.ROOT, "%x%n", lockspace.status), null);
        files.attribute("recover_nodeid", () -> fabric.polledBy(lockspace) + "\n", null);
        return files;
    }

    private void control(SimDlmLockspace lockspace, int value) throws SimKernelError {
        if (value == 0) {
            lockspace.stop();
        } else if (value == 1) {
            start(lockspace);
        } else {
            throw new SimKernelError("EINVAL");
        }
    }

    /** Without members nothing is started, and the write succeeds all the same. */
    private void start(SimDlmLockspace lockspace) {
        Map<NodeNumber, Boolean> members = config.readMembers(lockspace.name.value());
        if (members.isEmpty() || lockspace.running) {
            return;
        }
        lockspace.configured.clear();
        lockspace.configured.putAll(members);
        lockspace.start(fabric.next());
        lockspace.configured.clear(); // here the files keep the members
    }
}
