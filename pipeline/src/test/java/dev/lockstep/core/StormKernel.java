// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.uevent.Uevent;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One boot's fs/dlm, as far as its daemon can get it wrong. */
final class StormKernel {

    /** A lockspace. */
    static final class Space {
        boolean everStarted;
        boolean running;
        boolean inRelease;
        Epoch epoch = Epoch.NONE;
        /** What the last start was given. */
        View view = View.EMPTY;
        /** What configfs says. */
        View configured = View.EMPTY;
        /** Entries of configfs made since a recovery last took the members in. */
        final Set<NodeNumber> fresh = new HashSet<>();
        /** The members that a recovery last took in. */
        View taken = View.EMPTY;
        /** Peers that may hold locks whose master this node is. */
        final Set<NodeNumber> mayMaster = new HashSet<>();

        int status;
        Optional<Uevent.Action> asks = Optional.of(Uevent.Action.ONLINE);

        boolean mayHoldLocks() {
            return everStarted && !inRelease;
        }
    }

    final TreeMap<LockspaceName, Space> spaces = new TreeMap<>();
    final TreeMap<NodeNumber, BootId> comms = new TreeMap<>();

    KernelSnapshot snapshot(boolean withUnanswered) {
        TreeMap<LockspaceName, KernelLockspace> found = new TreeMap<>();
        spaces.forEach((name, space) -> {
            TreeSet<NodeId> members = new TreeSet<>();
            space.configured.nodes().forEach(n -> members.add(NodeId.of(n, 0)));
            int id = space.everStarted ? name.globalId() : 0;
            Optional<Uevent.Action> asks = withUnanswered ? space.asks : Optional.empty();
            found.put(name, new KernelLockspace(name, id, space.status, 0, members, asks));
        });
        return new KernelSnapshot(found, new TreeSet<>(comms.keySet()));
    }

    boolean panicsWithout(NodeNumber peer) {
        return spaces.values().stream().anyMatch(s -> s.running && (s.view.has(peer) || s.taken.has(peer)));
    }
}
