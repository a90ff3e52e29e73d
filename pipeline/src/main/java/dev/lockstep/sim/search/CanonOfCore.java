// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.core.BlockState;
import dev.lockstep.core.KernelSide;
import dev.lockstep.core.LockspaceState;
import dev.lockstep.core.RegionState;
import dev.lockstep.core.State;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotState;

/**
 * The core's part of a machine's canonical form. Left out: moments, but for the comparisons rules make between them;
 * counters of scans that show nothing new; texts, reasons and their ages; failures, since no write fails here.
 */
@SuppressWarnings("EnumOrdinal") // numbers for one search, kept nowhere
final class CanonOfCore {
    /** After so many bad readings of the own block it counts as destroyed. */
    private static final int READS_THAT_COUNT = 3;

    private static final long RECOVERY_BEGINS_NS = 500_000_000;

    private final Cluster cluster;
    private final Renaming names;
    private final Canon canon;
    private final Fingerprint.Mixer out;
    private final Machine machine;
    private final State state;

    CanonOfCore(Cluster cluster, Renaming names, Canon canon, Fingerprint.Mixer out, Machine machine) {
        this.cluster = cluster;
        this.names = names;
        this.canon = canon;
        this.out = out;
        this.machine = machine;
        state = machine.state().orElseThrow();
    }

    void state() {
        canon.comms(state.node().comms());
        canon.nodes(state.node().strayComms());
        canon.mutation(state.node().inFlight());
        out.put(state.node().reset().inFlight());
        canon.evictions(state.evictions());
        out.put(state.floor().value());
        out.put(state.mustGo().isPresent());
        out.put(state.started());
        if (!recalled() || cluster.losesReports()) {
            canon.memory(state.memory());
        }
        state.regions().values().forEach(this::region);
        state.lockspaces().values().forEach(this::lockspace);
        out.put(-1);
    }

    /** What the predecessor left is of no use once the own report was read everywhere. */
    private boolean recalled() {
        return state.regions().values().stream().allMatch(RegionState::recalled);
    }

    private void region(RegionState region) {
        out.put(region.recalled());
        out.put(region.duplicate());
        out.put(region.submitted().equals(region.published()));
        canon.report(region.submitted());
        canon.report(region.published());
        for (int name = 1; name <= cluster.nodes.size(); name++) {
            NodeNumber node = NodeNumber.of(names.named(name));
            SlotState slot = region.slots().getOrDefault(node, SlotState.UNSEEN);
            out.put((slot.status().ordinal() << 3) | (slot.cause().ordinal() << 1) | (slot.seen() ? 1 : 0));
            canon.generation(slot.generation());
            out.put(
                    slot.timedOut()
                            ? slot.changed()
                            : 0); // who moves again may be taken for dead on what it wrote since
            if (node.value() != machine.number() || cluster.losesReports() || !region.recalled()) {
                block(region, node, slot);
            }
        }
        int index = cluster.region(region.id());
        machine.readings().get(index).ifPresent(r -> out.put(r.startedNs() > region.publishedAtNs()));
    }

    private void block(RegionState region, NodeNumber node, SlotState slot) {
        BlockState block = region.blocks().get(node);
        if (block == null) {
            out.put(-1);
            return;
        }
        out.put(block.read());
        out.put(block.wiped());
        boolean own = node.value() == machine.number();
        out.put(own && !region.recalled() ? Math.min(block.badReads(), READS_THAT_COUNT) : 0);
        out.put(own && region.recalled() && !block.trouble().isEmpty()); // StartGate: the last reading was not of now
        canon.report(block.report());
        out.put(block.replaced().isPresent());
        block.replaced().ifPresent(canon::boot);
        if (slot.timedOut() && !proven(node, block)) {
            out.put(block.newsSinceNs() <= slot.lastScanNs()); // Deaths: the report is older than the silence
        }
        if (cluster.regions.size() > 1) {
            orders(region, node, block, slot);
        }
        for (LockspaceState lockspace : state.lockspaces().values()) {
            if (lockspace.guard().filter(region.id()::equals).isPresent()) {
                out.put(lockspace.publishedNs() >= 0 && region.readStartedNs(node) >= lockspace.publishedNs());
                boolean stalledSince = region.stalledAtNs() >= lockspace.publishedNs() && lockspace.publishedNs() >= 0;
                out.put(stalledSince && region.readStartedNs(node) <= region.stalledAtNs());
            }
        }
    }

    /** A proof is for good: what it rested on decides nothing any more. */
    private boolean proven(NodeNumber node, BlockState block) {
        return block.report()
                .filter(r -> state.evictions().stream()
                        .anyMatch(e -> e.node().equals(node)
                                && e.boot().equals(r.boot())
                                && e.kind().isProof()))
                .isPresent();
    }

    /** Deaths over regions: which of two boots is the later, and whether a slot nobody watches has been silent. */
    private void orders(RegionState region, NodeNumber node, BlockState block, SlotState slot) {
        for (RegionState other : state.regions().values()) {
            SlotState there = other.slots().getOrDefault(node, SlotState.UNSEEN);
            out.put(there.movedAfterNs() >= block.bootSinceNs());
            out.put(there.lastScanNs() >= block.bootSinceNs());
        }
        boolean watched = region.slots()
                .getOrDefault(NodeNumber.of(machine.number()), SlotState.UNSEEN)
                .live()
                .isPresent();
        out.put(!watched && state.nowNs() - slot.changeSeenNs() < Cluster.T * Cluster.PERIOD_NS);
    }

    private void lockspace(LockspaceState lockspace) {
        out.put(cluster.lockspaces.indexOf(lockspace.name()));
        out.put(lockspace.guard().map(cluster::region).orElse(-1));
        out.put(lockspace.unanswered().map(Enum::ordinal).orElse(-1));
        out.put(lockspace.phase().map(Enum::ordinal).orElse(-1));
        canon.join(lockspace.join());
        out.put(lockspace.epoch().value());
        canon.view(lockspace.view());
        out.put(lockspace.publishedNs() >= 0);
        out.put(lockspace.provisional());
        out.put(lockspace.uncontrolled());
        for (int r = 0; r < machine.readings().size(); r++) {
            machine.readings().get(r).ifPresent(reading -> out.put(reading.startedNs() >= lockspace.publishedNs()));
        }
        boolean unseen = lockspace.kernel().run() == KernelSide.Run.RUNNING
                && lockspace.kernel().status() == 0;
        out.put(unseen && state.nowNs() - lockspace.kernel().startedAtNs() < RECOVERY_BEGINS_NS);
        kernel(lockspace.kernel());
    }

    private void kernel(KernelSide kernel) {
        out.put(kernel.present());
        out.put(kernel.run().ordinal());
        canon.mutation(kernel.inFlight());
        out.put(kernel.started().value());
        canon.view(kernel.given());
        canon.view(kernel.processed());
        out.put(kernel.status());
        out.put(kernel.recovered());
        out.put(kernel.stoppedByItself());
        out.put(kernel.forgotten());
        out.put(kernel.failures());
    }
}
