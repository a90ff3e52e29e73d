// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.reason;

import dev.lockstep.domain.NodeNumber;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

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
        nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }

    /** {@return a reason that names nodes} */
    public static Reason of(ReasonCode code, Collection<NodeNumber> nodes, String detail, long sinceNs) {
        return new Reason(code, new TreeSet<>(nodes), detail, sinceNs);
    }

    /** {@return a reason that names no node} */
    public static Reason of(ReasonCode code, String detail, long sinceNs) {
        return of(code, List.of(), detail, sinceNs);
    }
}
