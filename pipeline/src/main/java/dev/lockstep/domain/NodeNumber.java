// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

import org.jspecify.annotations.Nullable;

/**
 * The number of a node in the O2CB cluster, which is also the index of its heartbeat slot in every region.
 *
 * <p>The kernel's o2nm has room for 255 nodes and numbers them from 0; 255 is its "no node". Immutable.
 *
 * @param value the number, {@value #MIN} to {@value #MAX}
 */
public record NodeNumber(int value) implements Comparable<NodeNumber> {
    /** The lowest number o2nm accepts. */
    public static final int MIN = 0;

    /** The highest number o2nm accepts. */
    public static final int MAX = 254;

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the value is no o2nm node number
     */
    public NodeNumber {
        if (value < MIN || value > MAX) {
            throw new IllegalArgumentException("node number " + value + " is not in " + MIN + ".." + MAX);
        }
    }

    /**
     * Reads the decimal form that configfs and cluster.conf use.
     *
     * <p>Strict, because a number read wrongly is another node: digits only, no sign, no blank, no leading zero.
     *
     * @param decimal the text, without a line end
     * @return the node number
     * @throws IllegalArgumentException if the text is no o2nm node number
     */
    public static NodeNumber parse(String decimal) {
        boolean digits = !decimal.isEmpty() && decimal.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean leadingZero = decimal.length() > 1 && decimal.charAt(0) == '0';
        if (!digits || leadingZero || decimal.length() > 3) {
            throw new IllegalArgumentException("\"" + decimal + "\" is not a node number");
        }
        return new NodeNumber(Integer.parseInt(decimal));
    }

    @Override
    public int compareTo(NodeNumber other) {
        return Integer.compare(value, other.value);
    }

    /**
     * The decimal form, as configfs writes it.
     *
     * @return the number in decimal
     */
    @Override
    public String toString() {
        return Integer.toString(value);
    }

    /** Asked for each node of each plan: a record's own goes a longer way. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof NodeNumber number && number.value == value);
    }

    @Override
    public int hashCode() {
        return value;
    }

    /** {@return the node with this number} */
    public static NodeNumber of(int value) {
        return new NodeNumber(value);
    }
}
