// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.kernel.Memory;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The machines a search begins with: booted, their agents started, nothing read, no lockspace. */
final class Start {

    private Start() {}

    static Machine machine(Cluster cluster, int number) {
        int regions = cluster.regions.size();
        Machine down = new Machine(
                number,
                0,
                false,
                Optional.empty(),
                Memory.blank(),
                new TreeMap<>(),
                new TreeMap<>(),
                Collections.nCopies(regions, Machine.Beat.NEVER),
                Collections.nCopies(regions, Optional.empty()),
                Collections.nCopies(regions, Optional.empty()),
                false,
                false,
                0,
                0,
                0);
        Surroundings nothing = new Surroundings(List.of(), List.of());
        return new MachineAtWork(cluster, down, nothing)
                .after(new Event(Event.Kind.BOOT))
                .machine();
    }

    /** {@return the same after it has read every board and seen every heartbeat} */
    static Machine seen(Cluster cluster, Machine machine) {
        int others = ((1 << cluster.nodes.size()) - 1) & ~(1 << (machine.number() - 1));
        List<Integer> slots = Collections.nCopies(cluster.nodes.size(), new Machine.Beat(1, true, true).code());
        Surroundings around = new Surroundings(Collections.nCopies(cluster.nodes.size(), Surroundings.VACANT), slots);
        Machine seen = machine;
        for (int r = 0; r < cluster.regions.size(); r++) {
            for (Event event : List.of(
                    new Event(Event.Kind.SAMPLE, r, others),
                    new Event(Event.Kind.SAMPLE, r, others),
                    new Event(Event.Kind.SAMPLE, r, others),
                    new Event(Event.Kind.READ, r, 0))) {
                seen = new MachineAtWork(cluster, seen, around).after(event).machine();
            }
        }
        return seen;
    }
}
