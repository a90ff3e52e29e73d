// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

/**
 * fs/dlm's id of a node, 1 to 2147483647. fs/dlm reads 0 as "unset", so a node numbered 0 needs an offset.
 *
 * @param value the id, greater than 0
 */
public record NodeId(int value) implements Comparable<NodeId> {

    public NodeId {
        if (value <= 0) {
            throw new IllegalArgumentException("nodeid " + value + " is not greater than 0");
        }
    }

    /** {@return the id of {@code node} under the setting dlm.nodeid-offset} */
    public static NodeId of(NodeNumber node, int offset) {
        return new NodeId(node.value() + offset);
    }

    @Override
    public int compareTo(NodeId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
