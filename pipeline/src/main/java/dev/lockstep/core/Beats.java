// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.sorted.SortedArrayMap;
import java.util.SortedMap;

/**
 * What the heartbeat slots of one region say.
 *
 * @param slots per configured node, what its slot says
 * @param countedSeq the own slot's seq at the last counted scan (rule b)
 * @param stalledAtNs start of the last scan that found the own slot standing still, or come to move again: what was
 *     read before it may be older than a death that this node was taken for; -1 before any
 */
public record Beats(SortedMap<NodeNumber, SlotState> slots, long countedSeq, long stalledAtNs) {

    static final Beats NONE = new Beats(SortedArrayMap.empty(), 0, -1);

    public Beats {
        slots = SortedArrayMap.copyOf(slots);
    }
}
