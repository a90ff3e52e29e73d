// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.core.RegionState;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of a machine at every step of every cluster it is part of, worked out once. */
final class Face {
    static final int UNKNOWN = -1;

    final Event[] events;
    /** The step that each event makes wherever the machine is, as far as it is known. */
    final int[] steps;

    private final int[] slots;
    private final boolean[] recalled;
    private final int[][] seen;

    Face(Cluster cluster, Machine machine) {
        List<Event> open = Events.of(cluster, machine);
        events = open.toArray(Event[]::new);
        steps = new int[events.length];
        Arrays.fill(steps, UNKNOWN);
        int regions = cluster.regions.size();
        slots = new int[regions];
        recalled = new boolean[regions];
        seen = new int[regions][cluster.nodes.size()];
        for (int r = 0; r < regions; r++) {
            slots[r] = machine.beats().get(r).code();
            if (machine.state().isPresent()) {
                know(r, machine.state().get().regions().get(cluster.regions.get(r)));
            }
        }
    }

    private void know(int r, @Nullable RegionState region) {
        if (region == null) {
            return;
        }
        recalled[r] = region.recalled();
        region.slots().forEach((node, slot) -> {
            boolean counted = slot.timedOut() && slot.changed() == 0; // and it did not move since
            if (slot.seen() && !counted && !slot.generation().isNone()) {
                seen[r][node.value() - 1] = Machine.sessions(slot.generation());
            }
        });
    }

    /** {@return all that a reader of the machine's slot can see} */
    int slot(int region) {
        return slots[region];
    }

    /** Whether the agent has read its own block. */
    boolean recalled(int region) {
        return recalled[region];
    }

    /** Whether the agent has seen the slot as {@code code} shows it, and has not counted it as silent yet. */
    boolean hasSeen(int region, int node, int code) {
        int session = code >> 1;
        return session > 0 && seen[region][node] == session;
    }
}
