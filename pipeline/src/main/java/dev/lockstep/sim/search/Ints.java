// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import java.util.ArrayList;
import java.util.List;

/** A list of rows of as many numbers each. Rows are only added, and stay where they are. */
final class Ints {
    private static final int CHUNK_BITS = 14;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final int width;
    private final List<int[]> chunks = new ArrayList<>();
    private int size;

    Ints(int width) {
        this.width = width;
    }

    int size() {
        return size;
    }

    int get(int row, int column) {
        return chunks.get(row >> CHUNK_BITS)[(row & (CHUNK - 1)) * width + column];
    }

    void get(int row, int[] into) {
        System.arraycopy(chunks.get(row >> CHUNK_BITS), (row & (CHUNK - 1)) * width, into, 0, width);
    }

    /** Adds a row. */
    void add(int... row) {
        if ((size & (CHUNK - 1)) == 0) {
            chunks.add(new int[CHUNK * width]);
        }
        System.arraycopy(row, 0, chunks.get(size >> CHUNK_BITS), (size & (CHUNK - 1)) * width, width);
        size++;
    }
}
