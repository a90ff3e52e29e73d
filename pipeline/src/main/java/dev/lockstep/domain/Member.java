// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

import java.util.Comparator;

/**
 * A member of a view: which node, which life of its kernel, which heartbeat session in the guard region, which join
 * of this lockspace. All four are part of the view's digest.
 *
 * @param node the node
 * @param boot its boot id
 * @param generation its heartbeat session in the guard region
 * @param join its join of the lockspace
 */
public record Member(NodeNumber node, BootId boot, Generation generation, JoinNumber join)
        implements Comparable<Member> {

    private static final Comparator<Member> ORDER = Comparator.comparing(Member::node)
            .thenComparing(Member::boot)
            .thenComparing(Member::generation)
            .thenComparing(Member::join);

    @Override
    public int compareTo(Member other) {
        return ORDER.compare(this, other);
    }

    /** {@return whether both are the same join of a lockspace by the same kernel, whatever their generations} */
    public boolean sameJoin(Member other) {
        return node.equals(other.node) && boot.equals(other.boot) && join.equals(other.join);
    }
}
