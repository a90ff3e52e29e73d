// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.sorted.SortedArrayMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rule 9: the lives that stand in the own evict list or in that of any readable block, and those whose own report says
 * that they must go. Put together when somebody asks, for every plan asks about every node, and boards mostly repeat
 * one another. Any thread: whoever comes second finds the same, or makes it again.
 */
final class Evicted {
    private record Life(NodeNumber node, BootId boot) {}

    private final List<Eviction> own;
    private final SortedArrayMap<RegionId, RegionState> regions;
    private @Nullable List<Life> lives;

    Evicted(List<Eviction> own, SortedArrayMap<RegionId, RegionState> regions) {
        this.own = own;
        this.regions = regions;
    }

    boolean has(NodeNumber node, BootId boot) {
        List<Life> known = lives;
        if (known == null) {
            known = List.copyOf(all());
            lives = known;
        }
        return isIn(known, node, boot);
    }

    private List<Life> all() {
        List<Life> all = new ArrayList<>();
        addTo(all, own);
        for (RegionState region : regions.values()) {
            for (BlockState block : region.blocks().values()) {
                if (block.report().isPresent()) {
                    Report report = block.report().get();
                    addTo(all, report.evictions());
                    if (report.mustGo() && !isIn(all, report.node(), report.boot())) {
                        all.add(new Life(report.node(), report.boot()));
                    }
                }
            }
        }
        return all;
    }

    private static void addTo(List<Life> all, List<Eviction> verdicts) {
        for (int i = 0; i < verdicts.size(); i++) {
            Eviction each = verdicts.get(i);
            if (!isIn(all, each.node(), each.boot())) {
                all.add(new Life(each.node(), each.boot()));
            }
        }
    }

    private static boolean isIn(List<Life> lives, NodeNumber node, BootId boot) {
        for (int i = 0; i < lives.size(); i++) {
            Life life = lives.get(i);
            if (life.node.value() == node.value() && life.boot.equals(boot)) {
                return true;
            }
        }
        return false;
    }
}
