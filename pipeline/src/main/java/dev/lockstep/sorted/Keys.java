// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sorted;

import java.util.Arrays;

/** Ascending arrays of keys that compare with each other. */
final class Keys {
    /** Up to here walking along is as fast as halving. */
    private static final int SHORT = 8;

    private Keys() {}

    /** {@return where {@code key} is, or −1 minus where it would be, as Arrays.binarySearch tells it} */
    @SuppressWarnings("unchecked") // keys of one array compare with each other
    static int find(Object[] keys, Object key) {
        if (keys.length > SHORT) {
            return Arrays.binarySearch(keys, key);
        }
        for (int i = 0; i < keys.length; i++) { // mostly it is the very one
            if (keys[i] == key) {
                return i;
            }
        }
        Comparable<Object> sought = (Comparable<Object>) key;
        for (int i = 0; i < keys.length; i++) {
            int order = sought.compareTo(keys[i]);
            if (order <= 0) {
                return order == 0 ? i : -i - 1;
            }
        }
        return -keys.length - 1;
    }

    static Object[] removed(Object[] all, int index) {
        Object[] rest = new Object[all.length - 1];
        System.arraycopy(all, 0, rest, 0, index);
        System.arraycopy(all, index + 1, rest, index, rest.length - index);
        return rest;
    }

    static Object[] inserted(Object[] all, int index, Object added) {
        Object[] more = new Object[all.length + 1];
        System.arraycopy(all, 0, more, 0, index);
        more[index] = added;
        System.arraycopy(all, index, more, index + 1, all.length - index);
        return more;
    }

    static Object[] replaced(Object[] all, int index, Object other) {
        Object[] copy = all.clone();
        copy[index] = other;
        return copy;
    }
}
