// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.kernel.Memory;
import dev.lockstep.sorted.SortedArrayMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything the core knows. Immutable: any thread may read one for queries.
 *
 * @param facts what does not change
 * @param nowNs the time of the latest evidence, CLOCK_BOOTTIME
 * @param started whether the Started evidence came
 * @param memory what the predecessor left
 * @param regions the regions
 * @param lockspaces the lockspaces the kernel has, and those still on the board
 * @param node the node's own lane and the peers' comms
 * @param evictions the own evict list: verdicts this node vouches for
 * @param floor the highest epoch of any entry this node dropped
 * @param mustGo why this node must go, if it must
 * @param mustGoSinceNs since when
 */
public record State(
        ClusterFacts facts,
        long nowNs,
        boolean started,
        Memory memory,
        SortedMap<RegionId, RegionState> regions,
        SortedMap<LockspaceName, LockspaceState> lockspaces,
        NodeSide node,
        List<Eviction> evictions,
        Epoch floor,
        Optional<String> mustGo,
        long mustGoSinceNs) {

    /**
     * How many verdicts are kept per node beside those on boots that a block or a comm still names. Other boots were
     * followed by later ones and cannot come back, and a list that grows with every reboot fills the block.
     */
    private static final int VERDICTS_PER_NODE = 2;

    public State {
        regions = SortedArrayMap.copyOf(regions);
        lockspaces = SortedArrayMap.copyOf(lockspaces);
        evictions = List.copyOf(evictions);
    }

    static State initial(ClusterFacts facts) {
        return new State(
                facts,
                0,
                false,
                Memory.blank(),
                SortedArrayMap.empty(),
                SortedArrayMap.empty(),
                NodeSide.EMPTY,
                List.of(),
                Epoch.NONE,
                Optional.empty(),
                0);
    }

    /** {@return the highest seq this node's report in {@code region} is known to have had; 0 if none} */
    public long lastOwnSeq(RegionId region) {
        RegionState state = regions.get(region);
        if (state == null) {
            return 0;
        }
        BlockState own = state.block(facts.self());
        // A block that was destroyed or wiped no longer tells it: peers that have read it must see a higher one.
        long before = state.recalled() ? memory.lasting().seqBound() : 0;
        long onBoard = own.report().map(Report::seq).orElse(before);
        return Math.max(onBoard, state.submitted().map(Report::seq).orElse(0L));
    }

    /** Regions that are there, or were and may come back. */
    SortedSet<RegionId> usableRegions() {
        return regions.values().stream()
                .filter(region -> !region.isNowhere())
                .map(RegionState::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether the own block of every board was read since the agent started. */
    boolean recalled() {
        for (RegionState region : regions.values()) {
            if (region.present() && region.hasBoard() && !region.recalled()) {
                return false;
            }
        }
        return true;
    }

    /** Rule 9: whether that life of a node stands in the own evict list or in that of any readable block. */
    boolean evicted(NodeNumber who, BootId life) {
        if (Eviction.named(evictions, who, life)) {
            return true;
        }
        for (RegionState region : regions.values()) {
            for (BlockState block : region.blocks().values()) {
                if (block.report().isPresent() && block.report().get().evicts(who, life)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a block or a comm still names that life of a node. */
    boolean names(NodeNumber who, BootId life) {
        if (life.equals(node.comms().get(who))) {
            return true;
        }
        for (RegionState region : regions.values()) {
            Optional<Report> report = region.report(who);
            if (report.isPresent() && report.get().boot().equals(life)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this node itself holds a proof that that life of a node runs no more. */
    boolean provenDead(NodeNumber who, BootId life) {
        for (int i = 0; i < evictions.size(); i++) {
            Eviction eviction = evictions.get(i);
            if (eviction.node().equals(who)
                    && eviction.boot().equals(life)
                    && eviction.kind().isProof()) {
                return true;
            }
        }
        return false;
    }

    State at(long atNs) {
        if (atNs <= nowNs) {
            return this;
        }
        return new State(
                facts,
                Math.max(nowNs, atNs),
                started,
                memory,
                regions,
                lockspaces,
                node,
                evictions,
                floor,
                mustGo,
                mustGoSinceNs);
    }

    State withStart(Memory newMemory) {
        return new State(
                facts,
                nowNs,
                true,
                newMemory,
                regions,
                lockspaces,
                node,
                newMemory.lasting().evictions(),
                Epoch.max(floor, newMemory.lasting().floor()),
                mustGo,
                mustGoSinceNs);
    }

    State with(RegionState region) {
        SortedMap<RegionId, RegionState> all = SortedArrayMap.copyOf(regions).with(region.id(), region);
        return new State(facts, nowNs, started, memory, all, lockspaces, node, evictions, floor, mustGo, mustGoSinceNs);
    }

    State with(LockspaceState lockspace) {
        SortedMap<LockspaceName, LockspaceState> all =
                SortedArrayMap.copyOf(lockspaces).with(lockspace.name(), lockspace);
        return new State(facts, nowNs, started, memory, regions, all, node, evictions, floor, mustGo, mustGoSinceNs);
    }

    State with(NodeSide newNode) {
        return new State(
                facts, nowNs, started, memory, regions, lockspaces, newNode, evictions, floor, mustGo, mustGoSinceNs);
    }

    State without(RegionId region) {
        SortedMap<RegionId, RegionState> rest = SortedArrayMap.copyOf(regions).without(region);
        return new State(
                facts, nowNs, started, memory, rest, lockspaces, node, evictions, floor, mustGo, mustGoSinceNs);
    }

    /** Forgets a lockspace whose kernel has released it; its epoch lives on in the floor (rule 2). */
    State without(LockspaceName name) {
        LockspaceState gone = lockspaces.get(name);
        if (gone == null) {
            return this;
        }
        SortedMap<LockspaceName, LockspaceState> rest =
                SortedArrayMap.copyOf(lockspaces).without(name);
        return new State(
                facts,
                nowNs,
                started,
                memory,
                regions,
                rest,
                node,
                evictions,
                Epoch.max(floor, gone.epoch()),
                mustGo,
                mustGoSinceNs);
    }

    State withFloor(Epoch atLeast) {
        return new State(
                facts,
                nowNs,
                started,
                memory,
                regions,
                lockspaces,
                node,
                evictions,
                Epoch.max(floor, atLeast),
                mustGo,
                mustGoSinceNs);
    }

    /** Rule 9: a verdict is kept for good; a proof replaces a mere order to go. */
    State withEviction(Eviction news) {
        State next = withRecalled(news);
        return next.evictions.equals(evictions) ? this : next.withoutOldVerdictsOn(news.node());
    }

    /** A verdict made earlier: which boots are still named is not known before every block was read. */
    State withRecalled(Eviction news) {
        List<Eviction> list = new ArrayList<>(evictions);
        for (Eviction old : evictions) {
            if (old.node().equals(news.node()) && old.boot().equals(news.boot())) {
                if (old.kind().isProof() || !news.kind().isProof()) {
                    return this;
                }
                list.remove(old);
            }
        }
        list.add(news);
        return new State(facts, nowNs, started, memory, regions, lockspaces, node, list, floor, mustGo, mustGoSinceNs);
    }

    private State withoutOldVerdictsOn(NodeNumber who) {
        List<Eviction> list = new ArrayList<>(evictions);
        long ofNode = list.stream().filter(e -> e.node().equals(who)).count();
        if (ofNode > VERDICTS_PER_NODE) {
            list.stream()
                    .filter(e -> e.node().equals(who) && !names(e.node(), e.boot()))
                    .findFirst()
                    .ifPresent(list::remove);
        }
        return new State(facts, nowNs, started, memory, regions, lockspaces, node, list, floor, mustGo, mustGoSinceNs);
    }

    State withMustGo(String why) {
        return mustGo.isPresent()
                ? this
                : new State(
                        facts,
                        nowNs,
                        started,
                        memory,
                        regions,
                        lockspaces,
                        node,
                        evictions,
                        floor,
                        Optional.of(why),
                        nowNs);
    }
}
