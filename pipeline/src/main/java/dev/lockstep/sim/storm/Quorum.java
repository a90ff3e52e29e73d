// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.MS;
import static dev.lockstep.sim.storm.StormSettings.SECOND;

/**
 * The network falls apart, and o2quo decides (fs/ocfs2/cluster/quorum.c): each machine alone counts whom it reaches
 * among those that heartbeat, and the smaller part resets itself.
 */
final class Quorum {
    private static final long DECIDES_AFTER_NS = 30 * SECOND;

    private Quorum() {}

    /**
     * @param parts bit n tells on which side machine n is
     */
    static void lose(World world, int parts) {
        for (int a = 0; a < world.machines.length; a++) {
            for (int b = 0; b < world.machines.length; b++) {
                if ((parts >> a & 1) != (parts >> b & 1)) {
                    world.wires.cut(a, b);
                }
            }
        }
        world.time.after(DECIDES_AFTER_NS, world.outside, () -> decide(world));
    }

    private static void decide(World world) {
        boolean[] fenced = new boolean[world.machines.length];
        for (int n = 0; n < fenced.length; n++) {
            fenced[n] = beats(world, n) && loses(world, n);
        }
        for (int n = 0; n < fenced.length; n++) {
            Machine machine = world.machines[n];
            if (fenced[n]) {
                world.time.after(machine.dice.between(0, 500) * MS, machine, () -> {
                    if (machine.up()) {
                        machine.crash("o2quo fences it");
                    }
                });
            }
        }
        for (int n = 0; n < fenced.length; n++) {
            world.wires.mend(n);
        }
        world.disturbed(); // whoever waited for the network begins only now
        world.linksChange();
    }

    private static boolean loses(World world, int self) {
        int heartbeating = 0;
        int connected = 0;
        int lowest = -1;
        for (int n = 0; n < world.machines.length; n++) {
            if (beats(world, n)) {
                heartbeating++;
                lowest = lowest < 0 ? n : lowest;
                connected += n == self || world.wires.joined(self, n) ? 1 : 0;
            }
        }
        if (heartbeating == 1) {
            return false;
        }
        if (heartbeating % 2 == 1) {
            return connected < (heartbeating + 1) / 2;
        }
        boolean lowestReached = lowest == self || world.wires.joined(self, lowest);
        return connected < heartbeating / 2 || (connected == heartbeating / 2 && !lowestReached);
    }

    private static boolean beats(World world, int node) {
        Machine machine = world.machines[node];
        for (int r = 0; r < StormSettings.REGIONS.size(); r++) {
            if (machine.up() && machine.beatsIn(r)) {
                return true;
            }
        }
        return false;
    }
}
