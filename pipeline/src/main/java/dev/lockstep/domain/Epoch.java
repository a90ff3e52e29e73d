// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

/**
 * A lockspace's epoch: every agreed start has one, it never falls and is never used twice.
 *
 * @param value 0 for "none yet", else greater than 0
 */
public record Epoch(long value) implements Comparable<Epoch> {

    /** Before the first epoch. */
    public static final Epoch NONE = new Epoch(0);

    public Epoch {
        if (value < 0) {
            throw new IllegalArgumentException("epoch " + value + " is negative");
        }
    }

    /** {@return the next epoch} */
    public Epoch next() {
        return new Epoch(Math.addExact(value, 1));
    }

    /** {@return whether this epoch is higher than {@code other}} */
    public boolean isAfter(Epoch other) {
        return value > other.value;
    }

    /** {@return the higher of the two} */
    public static Epoch max(Epoch a, Epoch b) {
        return a.value >= b.value ? a : b;
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
