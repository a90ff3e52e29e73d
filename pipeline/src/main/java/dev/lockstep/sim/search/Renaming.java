// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.domain.NodeNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Other names for the nodes.
 *
 * @param to the new number of node n, at n − 1
 */
record Renaming(List<Integer> to) {

    Renaming {
        to = List.copyOf(to);
    }

    /** {@return all renamings of so many nodes, that to the same names first} */
    static List<Renaming> all(int nodes) {
        List<Renaming> all = new ArrayList<>();
        extend(all, new ArrayList<>(), nodes);
        return all;
    }

    private static void extend(List<Renaming> all, List<Integer> begun, int nodes) {
        if (begun.size() == nodes) {
            all.add(new Renaming(begun));
            return;
        }
        for (int n = 1; n <= nodes; n++) {
            if (!begun.contains(n)) {
                List<Integer> more = new ArrayList<>(begun);
                more.add(n);
                extend(all, more, nodes);
            }
        }
    }

    /** Whether every node keeps its name. */
    boolean isNone() {
        for (int n = 0; n < to.size(); n++) {
            if (to.get(n) != n + 1) {
                return false;
            }
        }
        return true;
    }

    int of(int node) {
        return to.get(node - 1);
    }

    int of(NodeNumber node) {
        return of(node.value());
    }

    /** {@return the node that is called {@code name} now} */
    int named(int name) {
        return to.indexOf(name) + 1;
    }

    SortedSet<Integer> of(Iterable<NodeNumber> nodes) {
        SortedSet<Integer> names = new TreeSet<>();
        nodes.forEach(n -> names.add(of(n)));
        return names;
    }
}
