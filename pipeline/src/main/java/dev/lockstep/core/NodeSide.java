// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.sorted.SortedArrayMap;
import dev.lockstep.sorted.SortedArraySet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The node's own lane and the peers' comms.
 *
 * @param comms which boot each present comm is for
 * @param strayComms comms that are present, made by nobody we know of
 * @param inFlight the work on a comm that the node's lane executes now
 * @param failures consecutive failed mutations
 * @param retryAtNs no mutation before this
 * @param lastError what failed last, empty if nothing
 * @param reset how far the own reset is
 * @param fencing what the own fence command does
 * @param mesh the links to the peers
 */
public record NodeSide(
        SortedMap<NodeNumber, BootId> comms,
        SortedSet<NodeNumber> strayComms,
        Optional<Mutation> inFlight,
        int failures,
        long retryAtNs,
        String lastError,
        OwnReset reset,
        FenceTries fencing,
        Mesh mesh) {

    public NodeSide {
        comms = SortedArrayMap.copyOf(comms);
        strayComms = SortedArraySet.copyOf(strayComms);
    }

    static final NodeSide EMPTY = new NodeSide(
            new TreeMap<>(), new TreeSet<>(), Optional.empty(), 0, 0, "", OwnReset.NONE, FenceTries.NONE, Mesh.BLANK);

    boolean hasComm(NodeNumber node) {
        return comms.containsKey(node) || strayComms.contains(node);
    }

    NodeSide withInFlight(Mutation mutation) {
        return new NodeSide(
                comms, strayComms, Optional.of(mutation), failures, retryAtNs, lastError, reset, fencing, mesh);
    }

    /** What failed is tried again. */
    NodeSide failed(String error, long retryAt) {
        return new NodeSide(comms, strayComms, Optional.empty(), failures + 1, retryAt, error, reset, fencing, mesh);
    }

    /** A comm could not be made whole: what is there belongs to nobody. */
    NodeSide withStray(NodeNumber node) {
        SortedMap<NodeNumber, BootId> others = SortedArrayMap.copyOf(comms).without(node);
        SortedSet<NodeNumber> strays = new TreeSet<>(strayComms);
        strays.add(node);
        return new NodeSide(others, strays, inFlight, failures, retryAtNs, lastError, reset, fencing, mesh);
    }

    /** A comm that was found is for that life. */
    NodeSide withKnown(NodeNumber node, BootId boot) {
        SortedMap<NodeNumber, BootId> known = new TreeMap<>(comms);
        known.put(node, boot);
        SortedSet<NodeNumber> strays = new TreeSet<>(strayComms);
        strays.remove(node);
        return new NodeSide(known, strays, inFlight, failures, retryAtNs, lastError, reset, fencing, mesh);
    }

    NodeSide added(NodeNumber node, BootId boot) {
        SortedMap<NodeNumber, BootId> more = new TreeMap<>(comms);
        more.put(node, boot);
        SortedSet<NodeNumber> strays = new TreeSet<>(strayComms);
        strays.remove(node);
        return new NodeSide(more, strays, Optional.empty(), 0, 0, "", reset, fencing, mesh);
    }

    NodeSide removed(NodeNumber node) {
        SortedMap<NodeNumber, BootId> fewer = new TreeMap<>(comms);
        fewer.remove(node);
        SortedSet<NodeNumber> strays = new TreeSet<>(strayComms);
        strays.remove(node);
        return new NodeSide(fewer, strays, Optional.empty(), 0, 0, "", reset, fencing, mesh);
    }

    NodeSide with(OwnReset own) {
        return new NodeSide(comms, strayComms, inFlight, failures, retryAtNs, lastError, own, fencing, mesh);
    }

    NodeSide with(FenceTries tries) {
        return new NodeSide(comms, strayComms, inFlight, failures, retryAtNs, lastError, reset, tries, mesh);
    }

    NodeSide with(Mesh links) {
        return new NodeSide(comms, strayComms, inFlight, failures, retryAtNs, lastError, reset, fencing, links);
    }
}
