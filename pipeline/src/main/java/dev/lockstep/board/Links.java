// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.sorted.SortedArraySet;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A node's row of the matrix of links: whom it reaches over the DLM's network. A node in neither set was never reached
 * since this life began, which tells nothing: probes may be filtered.
 *
 * @param up nodes that answer probes
 * @param cut nodes that did, and do no more
 */
public record Links(SortedSet<NodeNumber> up, SortedSet<NodeNumber> cut) {
    /** Nothing is known. */
    public static final Links NONE = new Links(new TreeSet<>(), new TreeSet<>());

    public Links {
        up = SortedArraySet.copyOf(up);
        cut = SortedArraySet.copyOf(cut);
        if (!Collections.disjoint(up, cut)) {
            throw new IllegalArgumentException("links both up " + up + " and cut " + cut);
        }
    }
}
