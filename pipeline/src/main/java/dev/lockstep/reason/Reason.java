// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.reason;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.sorted.SortedArraySet;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/**
 * One open reason of one wait.
 *
 * @param code which
 * @param nodes the nodes it names, ascending; may be empty
 * @param detail what else a person needs, may be empty
 * @param sinceNs since when, CLOCK_BOOTTIME nanoseconds
 */
public record Reason(ReasonCode code, SortedSet<NodeNumber> nodes, String detail, long sinceNs) {

    public Reason {
        nodes = SortedArraySet.copyOf(nodes);
    }

    /** {@return a reason that names nodes} */
    public static Reason of(ReasonCode code, Collection<NodeNumber> nodes, String detail, long sinceNs) {
        return new Reason(code, SortedArraySet.copyOf(nodes), detail, sinceNs);
    }

    /** {@return a reason that names no node} */
    public static Reason of(ReasonCode code, String detail, long sinceNs) {
        return of(code, List.of(), detail, sinceNs);
    }
}
