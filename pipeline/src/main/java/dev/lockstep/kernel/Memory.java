// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernel;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.uevent.Uevent;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an agent leaves for its successor on the same node. The runtime part (everything but the floor) lives in a
 * directory that vanishes with the boot; the floor in one that does not.
 *
 * @param floor the highest epoch this node ever reported, for a wiped board
 * @param comms which boot each peer's comm was made for
 * @param lockspaces what is remembered of each lockspace
 */
public record Memory(
        Epoch floor, SortedMap<NodeNumber, BootId> comms, SortedMap<LockspaceName, OfLockspace> lockspaces) {

    /**
     * What is remembered of one lockspace.
     *
     * @param view the view of the last start
     * @param epoch its epoch
     * @param processed the members the kernel's last finished recovery has processed; EMPTY before the first
     * @param unanswered an online or offline received and not answered; only a help, the kernel decides
     */
    public record OfLockspace(View view, Epoch epoch, View processed, Optional<Uevent.Action> unanswered) {}

    public Memory {
        comms = Collections.unmodifiableSortedMap(new TreeMap<>(comms));
        lockspaces = Collections.unmodifiableSortedMap(new TreeMap<>(lockspaces));
    }

    /** {@return nothing remembered: a first start, or a new boot} */
    public static Memory blank() {
        return new Memory(Epoch.NONE, new TreeMap<>(Map.of()), new TreeMap<>(Map.of()));
    }
}
