// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

/**
 * Tells one join of a lockspace on a node from the next. It rises with every {@code online} of that lockspace; it is
 * only compared within one boot id.
 *
 * @param value greater than 0
 */
public record JoinNumber(long value) implements Comparable<JoinNumber> {

    public JoinNumber {
        if (value <= 0) {
            throw new IllegalArgumentException("join number " + value + " is not greater than 0");
        }
    }

    @Override
    public int compareTo(JoinNumber other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
