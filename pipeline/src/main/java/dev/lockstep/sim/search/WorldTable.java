// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every cluster met, in the order of meeting, each with the one it was first met from. Exact: no cluster is lost. */
final class WorldTable {
    private static final int CHUNK_BITS = 16;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final int length;
    private final boolean keyed;
    private final List<int[]> keys = new ArrayList<>();
    private final List<int[]> chunks = new ArrayList<>();
    private final List<int[]> parents = new ArrayList<>();
    private int[] slots = new int[1 << 16];
    private int size;

    /**
     * @param length of a cluster, in words
     * @param keyed whether clusters are told apart by something else than themselves
     */
    WorldTable(int length, boolean keyed) {
        this.length = length;
        this.keyed = keyed;
    }

    int size() {
        return size;
    }

    int[] get(int index) {
        int from = (index & (CHUNK - 1)) * length;
        return Arrays.copyOfRange(chunks.get(index >> CHUNK_BITS), from, from + length);
    }

    int parent(int index) {
        return parents.get(index >> CHUNK_BITS)[index & (CHUNK - 1)];
    }

    /** {@return whether the cluster is new} */
    boolean add(int[] key, int[] world, int parent) {
        int slot = find(key);
        if (slots[slot] != 0) {
            return false;
        }
        if ((size & (CHUNK - 1)) == 0) {
            chunks.add(new int[CHUNK * length]);
            keys.add(keyed ? new int[CHUNK * length] : chunks.get(chunks.size() - 1));
            parents.add(new int[CHUNK]);
        }
        System.arraycopy(world, 0, chunks.get(size >> CHUNK_BITS), (size & (CHUNK - 1)) * length, length);
        System.arraycopy(key, 0, keys.get(size >> CHUNK_BITS), (size & (CHUNK - 1)) * length, length);
        parents.get(size >> CHUNK_BITS)[size & (CHUNK - 1)] = parent;
        slots[slot] = ++size;
        if (3L * size > 2L * slots.length) {
            grow();
        }
        return true;
    }

    private int find(int[] key) {
        int slot = hash(key, 0) & (slots.length - 1);
        while (slots[slot] != 0 && !isAt(slots[slot] - 1, key)) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private boolean isAt(int index, int[] key) {
        int from = (index & (CHUNK - 1)) * length;
        return Arrays.equals(keys.get(index >> CHUNK_BITS), from, from + length, key, 0, length);
    }

    private int hash(int[] words, int from) {
        long hash = 0;
        for (int i = from; i < from + length; i++) {
            hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 29;
        }
        return (int) (hash >>> 20);
    }

    private void grow() {
        int[] more = new int[2 * slots.length];
        for (int i = 0; i < size; i++) {
            int slot = hash(keys.get(i >> CHUNK_BITS), (i & (CHUNK - 1)) * length) & (more.length - 1);
            while (more[slot] != 0) {
                slot = (slot + 1) & (more.length - 1);
            }
            more[slot] = i + 1;
        }
        slots = more;
    }
}
