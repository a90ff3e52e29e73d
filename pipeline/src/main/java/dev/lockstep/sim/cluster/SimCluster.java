// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import dev.lockstep.board.BoardGeometry;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.event.LogEvent;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.sim.SimDisk;
import dev.lockstep.sim.SimDlmFabric;
import dev.lockstep.sim.SimNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the nodes of one simulated cluster share, and the record of what became of them. */
final class SimCluster {
    private static final int SLOT_BYTES = 512;
    private static final int BLOCK_BYTES = 4096;

    private final SimSettings settings;
    private final Random random;
    private final boolean telling;
    private final VirtualTime time = new VirtualTime();
    private final SimDlmFabric fabric = new SimDlmFabric(0);
    private final SimNetwork network = new SimNetwork();
    private final SortedMap<RegionId, SimDisk> disks = new TreeMap<>();
    private final SortedMap<NodeNumber, SimNode> nodes = new TreeMap<>();
    private final List<String> story = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private int judged;
    private long hash;
    private long lives;
    private boolean calm;
    private boolean undisturbed;

    SimCluster(SimSettings settings, long seed, boolean telling) {
        this.settings = settings;
        this.telling = telling;
        random = new Random(seed);
        int blocks = settings.nodes() + 1;
        for (RegionId region : settings.regions()) {
            disks.put(
                    region, new SimDisk(SLOT_BYTES, blocks, Optional.of(new BoardGeometry(8192, BLOCK_BYTES, blocks))));
        }
        for (int n = 1; n <= settings.nodes(); n++) {
            nodes.put(NodeNumber.of(n), new SimNode(this, NodeNumber.of(n)));
        }
    }

    SimSettings settings() {
        return settings;
    }

    VirtualTime time() {
        return time;
    }

    Random random() {
        return random;
    }

    SimDlmFabric fabric() {
        return fabric;
    }

    SimNetwork network() {
        return network;
    }

    SimDisk disk(RegionId region) {
        SimDisk disk = disks.get(region);
        if (disk == null) {
            throw new IllegalArgumentException("no region " + region);
        }
        return disk;
    }

    SortedMap<NodeNumber, SimNode> nodes() {
        return nodes;
    }

    SortedSet<NodeNumber> numbers() {
        return new TreeSet<>(nodes.keySet());
    }

    long nextLife() {
        return ++lives;
    }

    /** {@return true now and then, unless all faults are over} */
    boolean chance(int percent) {
        return percent > 0 && !calm && random.nextInt(100) < percent;
    }

    /** From now on nothing goes wrong by itself. */
    void calm() {
        calm = true;
    }

    /** From now on no kernel may be told anything: only agents come and go (P13). */
    void undisturbed() {
        undisturbed = true;
    }

    boolean isUndisturbed() {
        return undisturbed;
    }

    /** A machine went down after all: what follows is no longer for P13 to judge. */
    void disturbed() {
        undisturbed = false;
    }

    /** {@return whether a probe of the peer is answered: by its machine, whatever its agent does} */
    boolean answers(NodeNumber from, NodeNumber peer) {
        SimNode there = nodes.get(peer);
        return there != null && there.up() && there.machineNs() <= time.nowNs() && network.linked(from, peer);
    }

    /** The power of a machine is switched off from outside. */
    void switchOff(NodeNumber number) {
        SimNode node = nodes.get(number);
        if (node != null && node.up()) {
            disturbed();
            node.crash("is fenced");
        }
    }

    void acted(SimNode node, Mutation mutation) {
        say(
                node.number(),
                mutation.text() + mutation.lockspace().map(n -> " " + n).orElse(""));
        if (undisturbed) {
            violated("P13: only agents came and went, and node " + node.number() + " has to " + mutation.text()
                    + mutation.lockspace().map(n -> " " + n).orElse(""));
        }
    }

    /** Takes over what the kernels' oracle saw. */
    void judge() {
        List<String> seen = fabric.violations();
        seen.subList(judged, seen.size()).forEach(this::violated);
        judged = seen.size();
    }

    void violated(String what) {
        violations.add(what);
        story.add(time.nowNs() / 1_000_000 + " ms VIOLATION " + what);
    }

    List<String> violations() {
        return violations;
    }

    void heard(SimNode node, LogEvent event) {
        mix(event.atNs());
        mix(event.type().name().hashCode());
        mix(event.text().hashCode());
        if (telling) {
            tell(
                    node.number(),
                    event.type()
                            + event.node().map(n -> " of " + n).orElse("")
                            + event.region().map(r -> " in " + r).orElse("")
                            + event.lockspace().map(l -> " " + l).orElse("")
                            + (event.epoch() == 0 ? "" : " epoch " + event.epoch()) + " " + event.text());
        }
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
    }

    void say(NodeNumber node, String what) {
        mix(what.hashCode());
        if (telling) {
            tell(node, what);
        }
    }

    private void tell(NodeNumber node, String what) {
        story.add(time.nowNs() / 1_000_000 + " ms node " + node + ": " + what);
    }

    List<String> story() {
        return story;
    }

    long hash() {
        return hash;
    }
}
