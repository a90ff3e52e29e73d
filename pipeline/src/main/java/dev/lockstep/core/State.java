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
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Everything the core knows. Immutable: any thread may read one for queries. */
public final class State {

    /**
     * How many verdicts are kept per node beside those on boots that a block or a comm still names. Other boots were
     * followed by later ones and cannot come back, and a list that grows with every reboot fills the block.
     */
    private static final int VERDICTS_PER_NODE = 2;

    private final ClusterFacts facts;
    private final long nowNs;
    private final boolean started;
    private final Memory memory;
    private final SortedArrayMap<RegionId, RegionState> regions;
    private final SortedArrayMap<LockspaceName, LockspaceState> lockspaces;
    private final NodeSide node;
    private final List<Eviction> evictions;
    private final Epoch floor;
    private final Optional<String> mustGo;
    private final long mustGoSinceNs;

    /** What the boards and the own list say, put together once for all who ask. */
    private final Evicted evicted;

    private State(
            ClusterFacts facts,
            long nowNs,
            boolean started,
            Memory memory,
            SortedArrayMap<RegionId, RegionState> regions,
            SortedArrayMap<LockspaceName, LockspaceState> lockspaces,
            NodeSide node,
            List<Eviction> evictions,
            Epoch floor,
            Optional<String> mustGo,
            long mustGoSinceNs,
            Evicted evicted) {
        this.facts = facts;
        this.nowNs = nowNs;
        this.started = started;
        this.memory = memory;
        this.regions = regions;
        this.lockspaces = lockspaces;
        this.node = node;
        this.evictions = evictions;
        this.floor = floor;
        this.mustGo = mustGo;
        this.mustGoSinceNs = mustGoSinceNs;
        this.evicted = evicted;
    }

    static State initial(ClusterFacts facts) {
        SortedArrayMap<RegionId, RegionState> none = SortedArrayMap.empty();
        return new State(
                facts,
                0,
                false,
                Memory.blank(),
                none,
                SortedArrayMap.empty(),
                NodeSide.EMPTY,
                List.of(),
                Epoch.NONE,
                Optional.empty(),
                0,
                new Evicted(List.of(), none));
    }

    /** {@return what does not change} */
    public ClusterFacts facts() {
        return facts;
    }

    /** {@return the time of the latest evidence, CLOCK_BOOTTIME} */
    public long nowNs() {
        return nowNs;
    }

    /** {@return whether the Started evidence came} */
    public boolean started() {
        return started;
    }

    /** {@return what the predecessor left} */
    public Memory memory() {
        return memory;
    }

    /** {@return the regions} */
    public SortedArrayMap<RegionId, RegionState> regions() {
        return regions;
    }

    /** {@return the lockspaces the kernel has, and those still on the board} */
    public SortedArrayMap<LockspaceName, LockspaceState> lockspaces() {
        return lockspaces;
    }

    /** {@return the node's own lane and the peers' comms} */
    public NodeSide node() {
        return node;
    }

    /** {@return the own evict list: verdicts this node vouches for} */
    public List<Eviction> evictions() {
        return evictions;
    }

    /** {@return the highest epoch of any entry this node dropped, or read in a dead node's block that was lost} */
    public Epoch floor() {
        return floor;
    }

    /** {@return why this node must go, if it must} */
    public Optional<String> mustGo() {
        return mustGo;
    }

    /** {@return since when it must go} */
    public long mustGoSinceNs() {
        return mustGoSinceNs;
    }

    /** {@return the highest seq this node's report in {@code region} is known to have had; 0 if none} */
    public long lastOwnSeq(RegionId region) {
        RegionState state = regions.get(region);
        if (state == null) {
            return 0;
        }
        BlockState own = state.block(facts.self());
        // A block that was wiped or lost its newer copy no longer tells it: peers that read it must see a higher one.
        long before = state.recalled() ? memory.lasting().seqBound() : 0;
        long onBoard = own.report().map(Report::seq).orElse(0L);
        return Math.max(Math.max(onBoard, before), state.lastSeq());
    }

    /** Regions that are there, or were and may come back. */
    SortedSet<RegionId> usableRegions() {
        return regions.values().stream()
                .filter(region -> !region.isNowhere())
                .map(RegionState::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of them that the settings name. */
    SortedSet<RegionId> namedRegions() {
        return regions.values().stream()
                .filter(region -> region.named() && !region.isNowhere())
                .map(RegionState::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@return how many regions of the settings were not found yet, since the agent started} */
    int unfoundRegions() {
        return facts.guards().inSettings() - namedRegions().size();
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
        return evicted.has(who, life);
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
                atNs,
                started,
                memory,
                regions,
                lockspaces,
                node,
                evictions,
                floor,
                mustGo,
                mustGoSinceNs,
                evicted);
    }

    State withStart(Memory newMemory) {
        List<Eviction> list = List.copyOf(newMemory.lasting().evictions());
        return new State(
                facts,
                nowNs,
                true,
                newMemory,
                regions,
                lockspaces,
                node,
                list,
                Epoch.max(floor, newMemory.lasting().floor()),
                mustGo,
                mustGoSinceNs,
                new Evicted(list, regions));
    }

    @SuppressWarnings("ReferenceEquality") // the very blocks that were there before tell nothing new
    State with(RegionState region) {
        RegionState before = regions.get(region.id());
        SortedArrayMap<RegionId, RegionState> all = regions.with(region.id(), region);
        boolean sameBlocks = before != null && before.blocks() == region.blocks();
        return with(all, sameBlocks ? evicted : new Evicted(evictions, all));
    }

    State without(RegionId region) {
        SortedArrayMap<RegionId, RegionState> rest = regions.without(region);
        return with(rest, new Evicted(evictions, rest));
    }

    private State with(SortedArrayMap<RegionId, RegionState> newRegions, Evicted newEvicted) {
        return new State(
                facts,
                nowNs,
                started,
                memory,
                newRegions,
                lockspaces,
                node,
                evictions,
                floor,
                mustGo,
                mustGoSinceNs,
                newEvicted);
    }

    State with(LockspaceState lockspace) {
        return with(lockspaces.with(lockspace.name(), lockspace), floor);
    }

    /** Forgets a lockspace whose kernel has released it; its epoch lives on in the floor (rule 2). */
    State without(LockspaceName name) {
        LockspaceState gone = lockspaces.get(name);
        return gone == null ? this : with(lockspaces.without(name), Epoch.max(floor, gone.epoch()));
    }

    State withFloor(Epoch atLeast) {
        return with(lockspaces, Epoch.max(floor, atLeast));
    }

    private State with(SortedArrayMap<LockspaceName, LockspaceState> newLockspaces, Epoch newFloor) {
        return new State(
                facts,
                nowNs,
                started,
                memory,
                regions,
                newLockspaces,
                node,
                evictions,
                newFloor,
                mustGo,
                mustGoSinceNs,
                evicted);
    }

    State with(NodeSide newNode) {
        return new State(
                facts,
                nowNs,
                started,
                memory,
                regions,
                lockspaces,
                newNode,
                evictions,
                floor,
                mustGo,
                mustGoSinceNs,
                evicted);
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
        return with(list);
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
        return with(list);
    }

    private State with(List<Eviction> newEvictions) {
        List<Eviction> list = List.copyOf(newEvictions);
        return new State(
                facts,
                nowNs,
                started,
                memory,
                regions,
                lockspaces,
                node,
                list,
                floor,
                mustGo,
                mustGoSinceNs,
                new Evicted(list, regions));
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
                        nowNs,
                        evicted);
    }
}
