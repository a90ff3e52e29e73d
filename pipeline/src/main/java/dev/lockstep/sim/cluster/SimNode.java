// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import dev.lockstep.board.SettingsDigest;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.core.State;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.kernel.Memory;
import dev.lockstep.port.MemoryStore;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.sim.DiskFault;
import dev.lockstep.sim.SimDlmNode;
import dev.lockstep.sim.SimRegionDevice;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One machine, over all its lives: its power, kernel, heartbeats, disk paths, and its agent while it has one. */
final class SimNode implements SimThreads.Hold {

    /** What an agent leaves to the next: the runtime directory's files, and over boots the state directory's. */
    static final class Kept implements MemoryStore {
        private Memory memory = Memory.blank();
        private Memory.Lasting lasting = Memory.Lasting.NONE;

        @Override
        public Memory load() {
            return memory;
        }

        @Override
        public void save(Memory now) {
            memory = now;
        }

        @Override
        public void saveLasting(Memory.Lasting now) {
            lasting = now;
        }

        private void reboot() {
            memory = Memory.of(lasting);
        }
    }

    /** What befalls this node's path to one region. */
    private static final class DiskTrouble {
        private long heldUntilNs;
        private long failsUntilNs;

        private void end() {
            heldUntilNs = 0;
            failsUntilNs = 0;
        }
    }

    private final SimCluster cluster;
    private final NodeNumber number;
    private final Kept memory = new Kept();
    private final SortedMap<RegionId, Heartbeat> heartbeats = new TreeMap<>();
    private final Map<RegionId, DiskTrouble> diskTroubles = new HashMap<>();
    private final Map<RegionId, SimRegionDevice> opened = new HashMap<>();
    private final Map<Optional<LockspaceName>, Long> laneHeldNs = new HashMap<>();
    private final long clockOffsetNs;
    private final double clockRate;
    private @Nullable BootId boot;
    private @Nullable SimDlmNode kernel;
    private @Nullable SimAgent agent;
    private long bootedNs;
    private long pausedUntilNs;
    private long agentGoneNs;
    private long refusesUntilNs;

    SimNode(SimCluster cluster, NodeNumber number) {
        this.cluster = cluster;
        this.number = number;
        clockOffsetNs = (long) (cluster.random().nextDouble() * 1e12);
        clockRate = 1 + (cluster.random().nextDouble() - 0.5) * 4e-4;
    }

    NodeNumber number() {
        return number;
    }

    Kept memory() {
        return memory;
    }

    boolean up() {
        return kernel != null;
    }

    boolean hasAgent() {
        return agent != null;
    }

    SimDlmNode kernel() {
        return there(kernel);
    }

    BootId bootId() {
        return there(boot);
    }

    Optional<State> state() {
        return Optional.ofNullable(agent).map(SimAgent::state);
    }

    private static <T> T there(@Nullable T what) {
        if (what == null) {
            throw new IllegalStateException("the machine is off");
        }
        return what;
    }

    /** CLOCK_BOOTTIME of this machine, a little fast or slow. */
    long clockNs() {
        return clockOffsetNs + (long) ((cluster.time().nowNs() - bootedNs) * clockRate) + 1_000_000_000L;
    }

    ClusterFacts facts() {
        SimSettings settings = cluster.settings();
        return new ClusterFacts(
                number,
                there(boot),
                cluster.numbers(),
                0,
                settings.deadThreshold(),
                settings.period().toNanos(),
                settings.period().toNanos(),
                new SettingsDigest(List.of(1)),
                settings.guards(),
                settings.fencing());
    }

    void boot() {
        boot = new BootId(number.value(), cluster.nextLife());
        bootedNs = cluster.time().nowNs();
        kernel = cluster.fabric().boot(number, boot);
        pausedUntilNs = 0;
        agentGoneNs = 0;
        diskTroubles.values().forEach(DiskTrouble::end);
        laneHeldNs.clear();
        memory.reboot();
        cluster.say(number, "boots as " + boot);
        cluster.settings().regions().forEach(this::startRegion);
        startAgent();
    }

    /** The power is gone. */
    void crash(String why) {
        cluster.say(number, "goes down: " + why);
        heartbeats.values().forEach(Heartbeat::end);
        heartbeats.clear();
        if (agent != null) {
            agent.end();
            agent = null;
        }
        cluster.network().detach(number);
        cluster.fabric().crash(number);
        kernel = null;
    }

    private void selfFence(RegionId region) {
        cluster.disturbed(); // then it is not only agents that come and go
        crash("heartbeat in " + region + " hung");
    }

    /** The agent orders it. */
    void reset(String why) {
        cluster.time().after(0, () -> {
            if (up()) {
                crash("resets itself, " + why);
            }
        });
    }

    void startAgent() {
        BootId life = bootId();
        long waitNs = agentGoneNs - cluster.time().nowNs();
        if (waitNs > 0) {
            // The predecessor's last thread holds the runtime directory's lock.
            cluster.time().after(waitNs, () -> {
                if (up() && agent == null && life.equals(boot)) {
                    startAgent();
                }
            });
            return;
        }
        cluster.say(number, "gets an agent");
        agent = new SimAgent(cluster, this);
    }

    void killAgent() {
        if (agent != null) {
            cluster.say(number, "loses its agent");
            agentGoneNs = agent.kill() + 1;
            agent = null;
        }
    }

    void loseUevents(int count) {
        if (agent != null) {
            agent.loseUevents(count);
        }
    }

    boolean beatsIn(RegionId region) {
        return heartbeats.containsKey(region);
    }

    void startRegion(RegionId region) {
        Heartbeat beat = new Heartbeat(
                cluster.time(),
                cluster.settings(),
                number,
                new Generation(cluster.random().nextLong() | 1),
                path(region),
                () -> Math.max(machineNs(), diskNs(region)),
                this::timersHeldUntilNs,
                () -> selfFence(region));
        heartbeats.put(region, beat);
        beat.start();
    }

    void restartRegion(RegionId region) {
        Heartbeat beat = heartbeats.get(region);
        if (beat != null) {
            beat.restart(new Generation(cluster.random().nextLong() | 1));
        }
    }

    void leaveRegion(RegionId region) {
        Heartbeat beat = heartbeats.remove(region);
        if (beat != null) {
            beat.leave();
        }
    }

    /** Where long pauses are played, a paused machine does not see the time pass. */
    private long timersHeldUntilNs() {
        boolean longPauses = cluster.settings().fence() != ClusterFacts.FenceMode.SELF && !cluster.isUndisturbed();
        return longPauses ? machineNs() : 0;
    }

    /** {@return the agent's opening of a region's device} */
    RegionDevice open(RegionId region) {
        SimRegionDevice device = path(region);
        opened.put(region, device);
        return device;
    }

    private SimRegionDevice path(RegionId region) {
        SimRegionDevice device = cluster.disk(region).attach();
        DiskTrouble trouble = trouble(region);
        DiskFault eio = operation -> {
            if (trouble.failsUntilNs > cluster.time().nowNs()) {
                DiskFault.failing("EIO").strike(operation);
            }
        };
        device.onReads(eio);
        device.onWrites(eio);
        return device;
    }

    void pause(Duration howLong) {
        pausedUntilNs = cluster.time().nowNs() + howLong.toNanos();
    }

    void hangDisk(RegionId region, Duration howLong) {
        trouble(region).heldUntilNs = cluster.time().nowNs() + howLong.toNanos();
    }

    void failDisk(RegionId region, Duration howLong) {
        trouble(region).failsUntilNs = cluster.time().nowNs() + howLong.toNanos();
    }

    /** {@return whether its reads and writes there fail now} */
    boolean diskFails(RegionId region) {
        return trouble(region).failsUntilNs > cluster.time().nowNs();
    }

    private DiskTrouble trouble(RegionId region) {
        return diskTroubles.computeIfAbsent(region, any -> new DiskTrouble());
    }

    void tearNextWrite(RegionId region) {
        SimRegionDevice device = opened.get(region);
        if (device != null) {
            device.tearNextWrite(1);
        }
    }

    void blockLane(Optional<LockspaceName> lockspace, Duration howLong) {
        laneHeldNs.put(lockspace, cluster.time().nowNs() + howLong.toNanos());
    }

    void refuse(Duration howLong) {
        refusesUntilNs = cluster.time().nowNs() + howLong.toNanos();
    }

    int refusesPercent() {
        return refusesUntilNs > cluster.time().nowNs() ? 30 : 0;
    }

    @Override
    public long machineNs() {
        return pausedUntilNs;
    }

    @Override
    public long diskNs(RegionId region) {
        return trouble(region).heldUntilNs;
    }

    @Override
    public long laneNs(Optional<LockspaceName> lockspace) {
        return laneHeldNs.getOrDefault(lockspace, 0L);
    }
}
