// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.uevent.Uevent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** One node's fs/dlm as the core's test world sees it. Lives as long as a boot. */
final class WorldKernel {

    /** A lockspace in the kernel. */
    static final class Space {
        boolean everStarted;
        boolean running;
        boolean inRelease;
        Epoch epoch = Epoch.NONE;
        View view = View.EMPTY;
        View configured = View.EMPTY;
        int status;
        Optional<Uevent.Action> asks = Optional.of(Uevent.Action.ONLINE);
    }

    final Map<LockspaceName, Space> spaces = new HashMap<>();
    final TreeMap<NodeNumber, BootId> comms = new TreeMap<>();

    KernelSnapshot snapshot() {
        TreeMap<LockspaceName, KernelLockspace> found = new TreeMap<>();
        spaces.forEach((name, space) -> {
            TreeSet<NodeId> members = new TreeSet<>();
            space.configured.nodes().forEach(n -> members.add(NodeId.of(n, 0)));
            found.put(
                    name,
                    new KernelLockspace(
                            name, space.everStarted ? name.globalId() : 0, space.status, 0, members, space.asks));
        });
        return new KernelSnapshot(found, new TreeSet<>(comms.keySet()));
    }

    /** Whether a lockspace of this kernel may have granted locks that nobody released. */
    boolean mayHoldLocks(LockspaceName name) {
        Space space = spaces.get(name);
        return space != null && space.everStarted && !space.inRelease;
    }

    boolean runsWith(NodeNumber peer) {
        return spaces.values().stream().anyMatch(s -> s.running && s.view.has(peer));
    }

    static String text(View view) {
        StringBuilder text = new StringBuilder();
        for (Member m : view.members()) {
            text.append(m.node()).append('/').append(m.join()).append(' ');
        }
        return text.toString();
    }
}
