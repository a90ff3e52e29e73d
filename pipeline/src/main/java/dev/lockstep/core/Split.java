// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.NodeNumber;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * P10: what the rows on one board say of a network that is cut between heartbeating nodes. A pure function of them: the
 * largest set in which every node reaches every other goes on; of two as large, the one with the lowest node that the
 * other lacks.
 *
 * <p>A link counts as cut only if both ends say so: a real cut is seen from both, while the row of an agent that is
 * dead or cannot probe says nothing new. So nobody is cut off by his own silence.
 *
 * @param goOn the nodes that go on
 * @param lose the nodes that have to go
 */
public record Split(SortedSet<NodeNumber> goOn, SortedSet<NodeNumber> lose) {

    /** Steps after which the search for the largest set ends without a verdict: no cut of a real network needs them. */
    private static final int MOST_STEPS = 20_000;

    /** {@return the split that the region's board shows, empty if it shows none} */
    static Optional<Split> of(State state, RegionState region) {
        if (!showsAnyCut(region)) {
            return Optional.empty();
        }
        SortedMap<NodeNumber, Report> rows = rows(state, region);
        SortedMap<NodeNumber, SortedSet<NodeNumber>> cuts = new TreeMap<>();
        rows.forEach((a, row) -> row.links().cut().forEach(b -> {
            Report other = rows.get(b);
            if (other != null && other.links().cut().contains(a)) {
                cuts.computeIfAbsent(a, n -> new TreeSet<>()).add(b);
            }
        }));
        if (cuts.isEmpty()) {
            return Optional.empty();
        }
        Search search = new Search(cuts);
        search.run(new TreeSet<>(cuts.keySet()), new TreeSet<>());
        if (search.steps > MOST_STEPS) {
            return Optional.empty();
        }
        SortedSet<NodeNumber> lose = new TreeSet<>(cuts.keySet());
        lose.removeAll(search.best);
        if (lose.isEmpty()) {
            return Optional.empty();
        }
        SortedSet<NodeNumber> goOn = new TreeSet<>(rows.keySet());
        goOn.removeAll(lose);
        return Optional.of(new Split(goOn, lose));
    }

    /** Whether any row shows a cut: most boards never do. */
    static boolean showsAnyCut(RegionState region) {
        for (BlockState block : region.blocks().values()) {
            if (block.report().isPresent()
                    && !block.report().get().links().cut().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** The rows of nodes that live in the region and have a part in a lockspace there. */
    private static SortedMap<NodeNumber, Report> rows(State state, RegionState region) {
        SortedMap<NodeNumber, Report> rows = new TreeMap<>();
        for (NodeNumber node : state.facts().nodes()) {
            boolean self = node.equals(state.facts().self());
            Optional<Report> report = self ? region.published() : region.liveReport(node);
            boolean lives = region.slot(node).isLive();
            if (lives
                    && report.isPresent()
                    && !state.evicted(node, report.get().boot())
                    && report.get().lockspaces().stream().anyMatch(e -> e.phase() != Phase.LEAVING)) {
                rows.put(node, report.get());
            }
        }
        return rows;
    }

    /** The largest set of nodes of which no two are cut, by branching on the node with the most cuts. */
    private static final class Search {
        private final SortedMap<NodeNumber, SortedSet<NodeNumber>> cuts;
        private SortedSet<NodeNumber> best = new TreeSet<>();
        private int steps;

        Search(SortedMap<NodeNumber, SortedSet<NodeNumber>> cuts) {
            this.cuts = cuts;
        }

        void run(SortedSet<NodeNumber> open, SortedSet<NodeNumber> taken) {
            if (++steps > MOST_STEPS || open.size() + taken.size() < best.size()) {
                return;
            }
            Optional<NodeNumber> worst = worst(open);
            if (worst.isEmpty()) {
                SortedSet<NodeNumber> whole = new TreeSet<>(taken);
                whole.addAll(open);
                if (betterThanBest(whole)) {
                    best = whole;
                }
                return;
            }
            SortedSet<NodeNumber> rest = new TreeSet<>(open);
            rest.remove(worst.get());
            SortedSet<NodeNumber> reached = new TreeSet<>(rest);
            reached.removeAll(cutFrom(worst.get()));
            SortedSet<NodeNumber> more = new TreeSet<>(taken);
            more.add(worst.get());
            run(reached, more);
            run(rest, taken);
        }

        private SortedSet<NodeNumber> cutFrom(NodeNumber node) {
            return cuts.getOrDefault(node, Collections.emptyNavigableSet());
        }

        /** The node with most cuts among {@code open}, if any has one. */
        private Optional<NodeNumber> worst(SortedSet<NodeNumber> open) {
            int most = 0;
            Optional<NodeNumber> worst = Optional.empty();
            for (NodeNumber node : open) {
                SortedSet<NodeNumber> cut = new TreeSet<>(cutFrom(node));
                cut.retainAll(open);
                if (cut.size() > most) {
                    most = cut.size();
                    worst = Optional.of(node);
                }
            }
            return worst;
        }

        private boolean betterThanBest(SortedSet<NodeNumber> whole) {
            if (whole.size() != best.size()) {
                return whole.size() > best.size();
            }
            SortedSet<NodeNumber> only = new TreeSet<>(whole);
            only.removeAll(best);
            SortedSet<NodeNumber> onlyBest = new TreeSet<>(best);
            onlyBest.removeAll(whole);
            return !only.isEmpty() && only.first().compareTo(onlyBest.first()) < 0;
        }
    }

    /** {@return what it is, for people} */
    String text() {
        return "cut off from each other; " + goOn + " go on, " + lose + " have to go";
    }
}
