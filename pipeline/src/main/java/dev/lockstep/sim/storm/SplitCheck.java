// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.core.BlockState;
import dev.lockstep.core.RegionState;
import dev.lockstep.core.State;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Decision;
import dev.lockstep.heartbeat.SlotState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** P10, by trying every set of nodes: the largest of which no two are cut; of equals, the one with the lowest node. */
final class SplitCheck {
    private SplitCheck() {}

    /** {@return how the verdict differs from what the rows say; empty if it does not} */
    static Optional<String> differs(State state, Decision.SplitSeen seen) {
        RegionState region = state.regions().get(seen.region());
        if (region == null) {
            return Optional.of("in a region it does not know");
        }
        List<Report> rows = region.present() ? rows(state, region) : List.of();
        int all = rows.size();
        int best = 0;
        boolean anyCut = false;
        for (int set = 1; set < 1 << all; set++) {
            boolean whole = isWhole(rows, set);
            anyCut |= !whole;
            if (whole && better(set, best)) {
                best = set;
            }
        }
        SortedSet<NodeNumber> goOn = new TreeSet<>();
        SortedSet<NodeNumber> lose = new TreeSet<>();
        for (int i = 0; i < all && anyCut; i++) {
            ((best >> i & 1) == 1 ? goOn : lose).add(rows.get(i).node());
        }
        boolean same = lose.equals(seen.lose()) && (lose.isEmpty() || goOn.equals(seen.goOn()));
        return same ? Optional.empty() : Optional.of("and the rows say " + goOn + " and " + lose);
    }

    /** Rows come by node: the lowest bit is the lowest node. */
    private static boolean better(int set, int best) {
        int more = Integer.bitCount(set) - Integer.bitCount(best);
        int only = set & ~best;
        int onlyBest = best & ~set;
        return more > 0 || (more == 0 && Integer.numberOfTrailingZeros(only) < Integer.numberOfTrailingZeros(onlyBest));
    }

    private static boolean isWhole(List<Report> rows, int set) {
        for (int a = 0; a < rows.size(); a++) {
            for (int b = 0; b < a; b++) {
                boolean both = (set >> a & 1) == 1 && (set >> b & 1) == 1;
                if (both
                        && rows.get(a).links().cut().contains(rows.get(b).node())
                        && rows.get(b).links().cut().contains(rows.get(a).node())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<Report> rows(State state, RegionState region) {
        List<Report> rows = new ArrayList<>();
        for (NodeNumber node : state.facts().nodes()) {
            SlotState slot = region.slots().get(node);
            if (slot == null || slot.live().isEmpty()) {
                continue;
            }
            BlockState block = region.blocks().get(node);
            Optional<Report> report = node.equals(state.facts().self())
                    ? region.published()
                    : block == null
                            ? Optional.empty()
                            : block.report().filter(r -> r.generation().equals(slot.generation()));
            if (report.isPresent()
                    && !Judge.knowsEvicted(state, node, report.get().boot())
                    && report.get().lockspaces().stream().anyMatch(e -> e.phase() != Phase.LEAVING)) {
                rows.add(report.get());
            }
        }
        return rows;
    }
}
