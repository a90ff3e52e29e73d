// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.Report;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Section 8: which lives of which nodes are proven over, seen over all regions. */
final class Deaths {

    private Deaths() {}

    /** {@return verdicts that evidence supports and the own evict list does not hold yet} */
    static List<Eviction> newVerdicts(State state) {
        List<Eviction> verdicts = new ArrayList<>();
        for (NodeNumber other : state.facts().others()) {
            for (RegionState region : state.regions().values()) {
                timeout(state, region, other).ifPresent(verdicts::add);
                rebooted(state, region, other).ifPresent(verdicts::add);
            }
        }
        verdicts.removeIf(v -> state.provenDead(v.node(), v.boot()));
        return verdicts;
    }

    /**
     * A TIMEOUT proves the death of whoever had reported before the silence was confirmed: a report made under a later
     * generation would have shown that generation in the slot, so the report's is the silent one or an earlier one.
     */
    private static Optional<Eviction> timeout(State state, RegionState region, NodeNumber other) {
        SlotState slot = region.slot(other);
        Optional<Report> report = region.report(other);
        if (state.facts().fence() != FenceMode.SELF || !slot.timedOut() || report.isEmpty()) {
            return Optional.empty();
        }
        boolean reportIsOlder = region.block(other).readAtNs() <= slot.lastScanNs();
        BootId boot = report.get().boot();
        if (!reportIsOlder || livesElsewhere(state, region, other, boot)) {
            return Optional.empty();
        }
        return Optional.of(new Eviction(other, boot, slot.generation(), Eviction.Kind.TIMEOUT));
    }

    /** A node that lives and reports under one boot id has no other life left. */
    private static Optional<Eviction> rebooted(State state, RegionState region, NodeNumber other) {
        Optional<BootId> current = currentBoot(state, other);
        Optional<Report> report = region.report(other);
        if (current.isEmpty() || report.isEmpty() || report.get().boot().equals(current.get())) {
            return Optional.empty();
        }
        return Optional.of(new Eviction(other, report.get().boot(), report.get().generation(), Eviction.Kind.REBOOTED));
    }

    /** {@return the boot id a node lives under now, by a report made under the generation that lives} */
    static Optional<BootId> currentBoot(State state, NodeNumber node) {
        return state.regions().values().stream()
                .flatMap(r -> r.liveReport(node).stream())
                .map(Report::boot)
                .filter(boot -> !state.evicted(node, boot))
                .findFirst();
    }

    /** {@return nodes that timed out in {@code region} but are not proven dead because they live in another one} */
    static SortedSet<NodeNumber> timedOutButAlive(State state, RegionState region) {
        SortedSet<NodeNumber> nodes = new TreeSet<>();
        for (NodeNumber other : state.facts().others()) {
            Optional<Report> report = region.report(other);
            if (region.slot(other).timedOut()
                    && report.isPresent()
                    && livesElsewhere(state, region, other, report.get().boot())) {
                nodes.add(other);
            }
        }
        return nodes;
    }

    /** Whether some other region contradicts the death of that life of the node. */
    private static boolean livesElsewhere(State state, RegionState here, NodeNumber other, BootId boot) {
        for (RegionState region : state.regions().values()) {
            if (region.id().equals(here.id()) || !mayLive(state, region, other)) {
                continue;
            }
            Generation generation = region.slot(other).generation();
            boolean anotherLife = region.report(other)
                    .filter(r -> r.generation().equals(generation) && !r.boot().equals(boot))
                    .isPresent();
            if (!anotherLife) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayLive(State state, RegionState region, NodeNumber other) {
        SlotState slot = region.slot(other);
        if (slot.status() == SlotState.Status.DOWN && slot.cause() != SlotState.Cause.RESTARTED) {
            return false;
        }
        if (!slot.seen()) {
            return region.present();
        }
        if (region.present() && region.slot(state.facts().self()).live().isPresent()) {
            return true;
        }
        // We do not beat, or look, there, so no silence is ever counted: go by time since the slot last moved.
        long silence = state.facts().deadThreshold() * state.facts().periodNs()
                + state.facts().marginNs();
        return state.nowNs() - slot.lastChangeNs() < silence;
    }
}
