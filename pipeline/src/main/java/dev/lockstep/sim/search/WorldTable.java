// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

/**
 * Every cluster met, in the order of meeting, each with the one it was first met from. Exact: no cluster is lost. Those
 * that differ in the nodes' names only are one, where there is more than one renaming.
 */
final class WorldTable {
    private final Parts parts;
    private final int length;
    private final int renamings;
    private final int[][] places;
    private final int[][] renamed;
    private final Ints worlds;
    private final Ints parents = new Ints(1);
    private int[] slots = new int[1 << 16];

    WorldTable(Cluster cluster, Parts parts) {
        this.parts = parts;
        length = cluster.nodes.size() + 1;
        renamings = cluster.renamings.size();
        places = new int[renamings][length - 1];
        renamed = new int[renamings][length];
        for (int r = 0; r < renamings; r++) {
            for (int n = 0; n < length - 1; n++) {
                places[r][n] = cluster.renamings.get(r).of(n + 1) - 1;
            }
        }
        worlds = new Ints(length);
    }

    int size() {
        return worlds.size();
    }

    int[] get(int index) {
        int[] world = new int[length];
        worlds.get(index, world);
        return world;
    }

    int parent(int index) {
        return parents.get(index, 0);
    }

    /** {@return whether the cluster is new} */
    boolean add(int[] world, int parent) {
        rename(world);
        int slot = hash() & (slots.length - 1);
        while (slots[slot] != 0) {
            if (isAt(slots[slot] - 1)) {
                return false;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        worlds.add(world);
        parents.add(parent);
        slots[slot] = worlds.size();
        if (3L * worlds.size() > 2L * slots.length) {
            grow();
        }
        return true;
    }

    private void rename(int[] world) {
        for (int r = 0; r < renamings; r++) {
            int[] to = renamed[r];
            for (int n = 0; n < length - 1; n++) {
                to[places[r][n]] = parts.nodeRenamed(world[n], r);
            }
            to[length - 1] = parts.restRenamed(world[length - 1], r);
        }
    }

    /** One for all that differ in the nodes' names only: that of the least renaming. */
    private int hash() {
        int[] least = renamed[0];
        for (int r = 1; r < renamings; r++) {
            least = isLess(renamed[r], least) ? renamed[r] : least;
        }
        long hash = 0;
        for (int word : least) {
            hash = (hash ^ word) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 29;
        }
        return (int) (hash >>> 20);
    }

    private static boolean isLess(int[] a, int[] b) {
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i]) {
                return a[i] < b[i];
            }
        }
        return false;
    }

    /** Whether the cluster there is one of those the present one may be called. */
    private boolean isAt(int index) {
        for (int r = 0; r < renamings; r++) {
            int[] name = renamed[r];
            int at = 0;
            while (at < length - 1 && parts.nodeRenamed(worlds.get(index, at), 0) == name[at]) {
                at++;
            }
            if (at == length - 1 && parts.restRenamed(worlds.get(index, at), 0) == name[at]) {
                return true;
            }
        }
        return false;
    }

    private void grow() {
        slots = new int[2 * slots.length];
        int[] world = new int[length];
        for (int i = 0; i < worlds.size(); i++) {
            worlds.get(i, world);
            rename(world);
            int slot = hash() & (slots.length - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = i + 1;
        }
    }
}
