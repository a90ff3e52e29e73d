// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import java.util.Arrays;

/** A hash table from two words to a number. */
final class LongPairTable {
    private static final int FREE = -1;

    private long[] keys = new long[2 << 12];
    private int[] values = filled(1 << 12);
    private int size;

    private static int[] filled(int length) {
        int[] values = new int[length];
        Arrays.fill(values, FREE);
        return values;
    }

    /** {@return the number, -1 if there is none} */
    int get(long a, long b) {
        return values[slot(keys, values, a, b)];
    }

    /** {@return the number, a new one if there is none; do not mix with {@link #put}} */
    int number(long a, long b) {
        int known = get(a, b);
        if (known == FREE) {
            known = size;
            put(a, b, known);
        }
        return known;
    }

    void put(long a, long b, int value) {
        if (3L * size > 2L * values.length) {
            grow();
        }
        int slot = slot(keys, values, a, b);
        size += values[slot] == FREE ? 1 : 0;
        keys[2 * slot] = a;
        keys[2 * slot + 1] = b;
        values[slot] = value;
    }

    private static int slot(long[] keys, int[] values, long a, long b) {
        long hash = ((a * 0x9e3779b97f4a7c15L) ^ Long.rotateLeft(b, 31)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 29)) * 0x94d049bb133111ebL;
        int slot = (int) (hash >>> 32) & (values.length - 1);
        while (values[slot] != FREE && (keys[2 * slot] != a || keys[2 * slot + 1] != b)) {
            slot = (slot + 1) & (values.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] newKeys = new long[2 * keys.length];
        int[] newValues = filled(2 * values.length);
        for (int i = 0; i < values.length; i++) {
            if (values[i] != FREE) {
                int slot = slot(newKeys, newValues, keys[2 * i], keys[2 * i + 1]);
                newKeys[2 * slot] = keys[2 * i];
                newKeys[2 * slot + 1] = keys[2 * i + 1];
                newValues[slot] = values[i];
            }
        }
        keys = newKeys;
        values = newValues;
    }
}
