// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernel;

import dev.lockstep.board.Eviction;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.sorted.SortedArrayMap;
import dev.lockstep.uevent.Uevent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an agent leaves for its successor on the same node. All but what lasts is kept where it vanishes with the boot.
 *
 * @param lasting what outlives the boot
 * @param mustGo whether this boot of the node must go
 * @param comms which boot each peer's comm was made for
 * @param lockspaces what is remembered of each lockspace
 */
public record Memory(
        Lasting lasting,
        boolean mustGo,
        SortedMap<NodeNumber, BootId> comms,
        SortedMap<LockspaceName, OfLockspace> lockspaces) {

    /**
     * What stands in the own blocks anyway, for the day when one of them is destroyed.
     *
     * @param floor the highest epoch this node ever reported
     * @param seqBound above every seq of a report that this node ever wrote; 0 if it is not known to have written one
     * @param evictions the verdicts this node vouches for (rule 9)
     */
    public record Lasting(Epoch floor, long seqBound, List<Eviction> evictions) {
        /** Nothing ever said. */
        public static final Lasting NONE = new Lasting(Epoch.NONE, 0, List.of());

        public Lasting {
            evictions = List.copyOf(evictions);
        }

        /**
         * {@return all that this or {@code other} says}: of two that were not both written at the end nobody knows
         * which is newer, and a verdict too many names a life that is over.
         */
        public Lasting and(Lasting other) {
            List<Eviction> all = new ArrayList<>(evictions);
            other.evictions.stream().filter(each -> !all.contains(each)).forEach(all::add);
            return new Lasting(Epoch.max(floor, other.floor), Math.max(seqBound, other.seqBound), all);
        }
    }

    /**
     * What is remembered of one lockspace.
     *
     * @param guard the region it ran by; empty if none did, or nobody noted it
     * @param view the view of the last start
     * @param epoch its epoch
     * @param processed the members the kernel's recovery has taken in, or may have; EMPTY before the first
     * @param unanswered an online or offline received and not answered; only a help, the kernel decides
     * @param leaving whether its release was begun
     */
    public record OfLockspace(
            Optional<RegionId> guard,
            View view,
            Epoch epoch,
            View processed,
            Optional<Uevent.Action> unanswered,
            boolean leaving) {}

    public Memory {
        comms = SortedArrayMap.copyOf(comms);
        lockspaces = SortedArrayMap.copyOf(lockspaces);
    }

    /** {@return the same of this boot, and this as what lasts} */
    public Memory with(Lasting newLasting) {
        return new Memory(newLasting, mustGo, comms, lockspaces);
    }

    /** {@return nothing remembered: a first start} */
    public static Memory blank() {
        return of(Lasting.NONE);
    }

    /** {@return what a reboot leaves of it} */
    public static Memory of(Lasting lasting) {
        return new Memory(lasting, false, new TreeMap<>(Map.of()), new TreeMap<>(Map.of()));
    }
}
