// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.core.RegionState;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.heartbeat.SlotState;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one agent's scans of heartbeat slots make of its core, for the length of one event. */
final class SlotsAtWork {
    static final int SCANS_UNTIL_LIVE = 4;

    private final Cluster cluster;
    private final NodeNumber self;
    private final CoreAtWork core;
    private final List<Machine.Beat> own;
    private final List<Integer> slots;

    SlotsAtWork(Cluster cluster, NodeNumber self, CoreAtWork core, List<Machine.Beat> own, Surroundings around) {
        this.cluster = cluster;
        this.self = self;
        this.core = core;
        this.own = own;
        this.slots = around.slots();
    }

    /** The own slots are always seen to move, unless an event says otherwise: scans that show no more are no events. */
    void refresh() {
        for (int r = 0; r < cluster.regions.size(); r++) {
            SlotState known = known(r, self);
            boolean stale = core.nowNs() - known.lastChangeNs() > Cluster.PERIOD_NS / 2;
            if (known.live().isPresent() && own.get(r).beating() && isCurrent(r, known) && stale) {
                scan(r, 0, true);
            }
        }
    }

    /** The own slots move once, and the others are not looked at. */
    void own() {
        for (int r = 0; r < cluster.regions.size(); r++) {
            scan(r, 0, true);
        }
    }

    private boolean isCurrent(int region, SlotState known) {
        return known.generation()
                .equals(Machine.generation(self.value(), region, own.get(region).sessions()));
    }

    /** Scans until what they show makes a difference. What does not move is left to {@link #silence}. */
    void sample(int region, int which, Machine before) {
        int shown = which;
        for (NodeNumber node : cluster.nodes) {
            if (!node.equals(self) && isStill(region, node)) {
                shown &= ~(1 << (node.value() - 1));
            }
        }
        Fingerprint then = Canon.of(cluster, cluster.renamings.get(0), before);
        for (int scan = 0; scan < SCANS_UNTIL_LIVE; scan++) {
            scan(region, shown, true);
            Machine now = before.withState(core.state(), core.nowNs());
            if (!Canon.of(cluster, cluster.renamings.get(0), now).equals(then)) {
                return;
            }
        }
    }

    /** T counted scans and the time of T periods, in which the slots do not move and the own ones do. */
    void silence(int region, int which) {
        for (int scan = 0; scan < Cluster.T + 2; scan++) {
            core.pass(Cluster.PERIOD_NS);
            for (int r = 0; r < cluster.regions.size(); r++) {
                scan(r, r == region ? which : 0, r != region);
            }
        }
    }

    /** The own slot stands still until the core draws its consequence. */
    void stall(int region) {
        for (int scan = 0; scan < Cluster.T && core.state().mustGo().isEmpty(); scan++) {
            core.pass(Cluster.PERIOD_NS);
            for (int r = 0; r < cluster.regions.size(); r++) {
                read(r, 0, true, r != region);
            }
            core.feed(new Evidence.Tick(core.tick()));
        }
        refresh();
    }

    private void scan(int region, int which, boolean othersMove) {
        read(region, which, othersMove, true);
    }

    private void read(int region, int which, boolean othersMove, boolean ownMoves) {
        SortedMap<NodeNumber, SlotReading> readings = new TreeMap<>();
        for (NodeNumber node : cluster.nodes) {
            boolean ownSlot = node.equals(self);
            if (ownSlot || (which & (1 << (node.value() - 1))) != 0) {
                int code = ownSlot ? own.get(region).code() : slots.get(node.value() - 1);
                boolean beating = (code & 1) != 0;
                boolean moves = beating && (ownSlot ? ownMoves : othersMove);
                Generation generation = Machine.generation(node.value(), region, code >> 1);
                long seq = known(region, node).seq() + (moves || isNew(region, node, generation) ? 1 : 0);
                readings.put(
                        node,
                        new SlotReading.Good(new SlotBlock(
                                seq,
                                node.value(),
                                generation,
                                cluster.facts(self.value(), 1).deadMs())));
            }
        }
        RegionId id = cluster.regions.get(region);
        long startedNs = core.tick();
        core.feed(new Evidence.SlotsScanned(core.tick(), startedNs, id, readings));
    }

    /** A slot whose generation changed was written, though nobody beats there now. */
    private boolean isNew(int region, NodeNumber node, Generation generation) {
        SlotState known = known(region, node);
        return known.seen() && !known.generation().equals(generation);
    }

    /** Whether another scan could only count towards a silence that is not yet over. */
    private boolean isStill(int region, NodeNumber node) {
        SlotState known = known(region, node);
        int code = slots.get(node.value() - 1);
        Generation generation = Machine.generation(node.value(), region, code >> 1);
        boolean beating = (code & 1) != 0;
        return known.seen()
                && !beating
                && !known.timedOut()
                && known.generation().equals(generation);
    }

    private SlotState known(int region, NodeNumber node) {
        RegionState state = core.state().regions().get(cluster.regions.get(region));
        return state == null ? SlotState.UNSEEN : state.slots().getOrDefault(node, SlotState.UNSEEN);
    }
}
