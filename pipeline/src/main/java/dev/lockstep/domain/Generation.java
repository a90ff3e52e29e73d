// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

import java.util.HexFormat;

/**
 * One heartbeat session of a node in a region: the random 64-bit hb_generation of its slot. 0 is written once, at a
 * clean stop, and stands for "no session".
 *
 * @param value the 64 bits as on disk
 */
public record Generation(long value) implements Comparable<Generation> {

    /** No session: what a clean stop leaves in the slot. */
    public static final Generation NONE = new Generation(0);

    /** {@return whether this is {@link #NONE}} */
    public boolean isNone() {
        return value == 0;
    }

    @Override
    public int compareTo(Generation other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
