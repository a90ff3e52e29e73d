// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Links;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.sorted.SortedArrayMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The own links, and what all rows together tell.
 *
 * @param links by peer
 * @param splits per region whose board shows a split: which, and since when it is the same one
 */
record Mesh(SortedMap<NodeNumber, LinkState> links, SortedMap<RegionId, Seen> splits) {

    static final Mesh BLANK = new Mesh(new TreeMap<>(), new TreeMap<>());

    /** A split, and since when this node sees it so. */
    record Seen(Split split, long sinceNs) {}

    Mesh {
        links = SortedArrayMap.copyOf(links);
        splits = SortedArrayMap.copyOf(splits);
    }

    /** {@return the own row} */
    Links row() {
        return links.isEmpty() ? Links.NONE : new Links(in(LinkState.Standing.UP), in(LinkState.Standing.CUT));
    }

    private SortedSet<NodeNumber> in(LinkState.Standing standing) {
        SortedSet<NodeNumber> nodes = new TreeSet<>();
        links.forEach((node, link) -> {
            if (link.standing() == standing) {
                nodes.add(node);
            }
        });
        return nodes;
    }

    Mesh probed(NodeNumber peer, boolean answered) {
        LinkState before = links.getOrDefault(peer, LinkState.UNKNOWN);
        LinkState after = before.probed(answered);
        return links.containsKey(peer) && after.equals(before)
                ? this
                : new Mesh(SortedArrayMap.copyOf(links).with(peer, after), splits);
    }

    /** The row of the agent before this one: without it, a cut link would never be known to have been up. */
    Mesh recalled(Links row) {
        SortedMap<NodeNumber, LinkState> more = new TreeMap<>(links);
        row.up().forEach(node -> more.putIfAbsent(node, new LinkState(LinkState.Standing.UP, 0)));
        row.cut().forEach(node -> more.putIfAbsent(node, new LinkState(LinkState.Standing.CUT, 0)));
        return new Mesh(more, splits);
    }

    Optional<Split> split(RegionId region) {
        return Optional.ofNullable(splits.get(region)).map(Seen::split);
    }

    Mesh with(RegionId region, Optional<Split> split, long nowNs) {
        SortedMap<RegionId, Seen> others = new TreeMap<>(splits);
        others.remove(region);
        split.ifPresent(s -> others.put(region, new Seen(s, nowNs)));
        return new Mesh(links, others);
    }
}
