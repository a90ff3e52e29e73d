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

    /** No cluster gets there. Whoever tells of more has garbage, and behind it no epoch might be left. */
    public static final Epoch MAX_CREDIBLE = new Epoch(1L << 62);

    public Epoch {
        if (value < 0) {
            throw new IllegalArgumentException("epoch " + value + " is negative");
        }
    }

    /**
     * {@return the epoch that was read}
     *
     * @throws IllegalArgumentException if it cannot be one
     */
    public static Epoch read(long value) {
        Epoch epoch = new Epoch(value);
        if (epoch.isAfter(MAX_CREDIBLE)) {
            throw new IllegalArgumentException("epoch " + value + " is higher than any can be");
        }
        return epoch;
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
