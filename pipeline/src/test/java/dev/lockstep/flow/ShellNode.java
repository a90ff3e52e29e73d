// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.core.ClusterFacts;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.port.EventLog;
import dev.lockstep.port.MemoryStore;
import dev.lockstep.sim.DiskFault;
import dev.lockstep.sim.SimDisk;
import dev.lockstep.sim.SimDlmCall;
import dev.lockstep.sim.SimDlmKernel;
import dev.lockstep.sim.SimDlmNode;
import dev.lockstep.sim.SimRegionDevice;
import dev.lockstep.sim.SimUeventSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;

/** One node of a {@link ShellCluster}: heartbeat, kernel and agent, each of which can end by itself. */
final class ShellNode {
    private static final HeartbeatWriter.Watch NOBODY = new HeartbeatWriter.Watch() {
        @Override
        public void beat(RegionId region) {}

        @Override
        public void missed(RegionId region, String why) {}
    };

    private static final int MORE_SECTORS_THAN_A_COPY_HAS = 1000;

    private static long lives;

    final ShellCluster cluster;
    final NodeNumber number;
    final Kept kept = new Kept();
    Sinks.Many<RegionChange> changes = Sinks.many().unicast().onBackpressureBuffer();
    EventLog eventLog;
    int resets;

    /** How many readings of the whole kernel with its unanswered uevents fail from now on. */
    int lossReadsToFail;

    BootId boot;
    SimDlmNode kernel;
    SimUeventSource uevents;
    SimDlmKernel kernelPort;
    NodePipeline agent;
    NamedSchedulers threads;
    private final SortedMap<RegionId, DiskFault> readFaults = new TreeMap<>();
    private final SortedMap<RegionId, DiskFault> writeFaults = new TreeMap<>();
    private final List<SimRegionDevice> opened = new ArrayList<>();
    private List<Disposable> heartbeats = new ArrayList<>();
    private Disposable running = () -> {};

    /** Memory that vanishes with the boot. */
    static final class Kept implements MemoryStore {
        Memory memory = Memory.blank();
        Memory.Lasting lasting = Memory.Lasting.NONE;
        boolean broken;
        boolean rootBroken;
        int saves;
        int lastingSaves;

        @Override
        public Memory load() {
            return memory;
        }

        @Override
        public void save(Memory now) throws IOException {
            if (broken) {
                throw new IOException("no space left");
            }
            memory = now;
            saves++;
        }

        @Override
        public void saveLasting(Memory.Lasting now) throws IOException {
            if (rootBroken) {
                throw new IOException("read-only file system");
            }
            lasting = now;
            lastingSaves++;
        }
    }

    /** The simulated kernel, of which some readings fail. */
    private final class FailingReads implements DlmKernel {
        private final DlmKernel kernel;

        FailingReads(DlmKernel kernel) {
            this.kernel = kernel;
        }

        @Override
        public Outcome apply(Mutation mutation) {
            return kernel.apply(mutation);
        }

        @Override
        public Outcome answerUnusable(String directory, int result) {
            return kernel.answerUnusable(directory, result);
        }

        @Override
        public KernelSnapshot read(boolean withUnanswered) throws IOException {
            if (withUnanswered && lossReadsToFail > 0) {
                lossReadsToFail--;
                throw new IOException("read /sys/kernel/dlm: EIO");
            }
            return kernel.read(withUnanswered);
        }

        @Override
        public Optional<KernelLockspace> read(LockspaceName name) throws IOException {
            return kernel.read(name);
        }
    }

    ShellNode(ShellCluster cluster, NodeNumber number) {
        this.cluster = cluster;
        this.number = number;
        this.eventLog = event -> cluster.log(number, event);
        lives++;
        boot = new BootId(number.value() + 1, lives);
        kernel = cluster.fabric.boot(number, boot);
        uevents = kernel.openUevents(cluster.time);
        kernelPort = kernel.kernel();
        threads = new NamedSchedulers(cluster.time);
        agent = pipeline();
        begin();
    }

    /** A new life after a {@link #crash}. */
    void boot() {
        lives++;
        boot = new BootId(number.value() + 1, lives);
        kept.memory = Memory.blank();
        kernel = cluster.fabric.boot(number, boot);
        begin();
    }

    private void begin() {
        cluster.disks.forEach(this::beat);
        startAgent();
    }

    private void beat(RegionId region, SimDisk disk) {
        HeartbeatWriter writer = new HeartbeatWriter(
                region,
                facts(),
                new Generation(lives << 16 | number.value() + 1),
                disk::attach,
                cluster.time,
                cluster::nowNs,
                NOBODY);
        heartbeats.add(writer.start());
    }

    ClusterFacts facts() {
        return cluster.facts(number, boot);
    }

    void startAgent() {
        uevents = kernel.openUevents(cluster.time);
        kernelPort = kernel.kernel();
        changes = Sinks.many().unicast().onBackpressureBuffer();
        agent = pipeline();
        running = agent.start(cluster.failures::add);
    }

    private NodePipeline pipeline() {
        List<RegionChange.Attached> regions = new ArrayList<>();
        cluster.disks.forEach((region, disk) -> regions.add(attached(region, disk)));
        NamedSchedulers roles = new NamedSchedulers(cluster.time);
        threads = roles;
        NodePorts ports = new NodePorts(
                regions,
                changes.asFlux(),
                uevents,
                new FailingReads(kernelPort),
                cluster.network.attach(number, cluster.time),
                why -> reset(),
                kept,
                event -> {
                    assertThat(roles.running()).isEqualTo("core");
                    eventLog.append(event);
                },
                cluster::nowNs);
        return new NodePipeline(facts(), ports, roles, FlowSettings.DEFAULT);
    }

    private RegionChange.Attached attached(RegionId region, SimDisk disk) {
        return new RegionChange.Attached(region, true, ShellCluster.PERIOD, () -> open(region, disk), "");
    }

    private SimRegionDevice open(RegionId region, SimDisk disk) {
        SimRegionDevice device = disk.attach();
        opened.add(device);
        device.onReads(
                operation -> readFaults.getOrDefault(region, DiskFault.NONE).strike(operation));
        device.onWrites(
                operation -> writeFaults.getOrDefault(region, DiskFault.NONE).strike(operation));
        return device;
    }

    /** What befalls the agent's reads of a region from now on. */
    void readFault(RegionId region, DiskFault fault) {
        readFaults.put(region, fault);
    }

    /** What befalls the agent's writes to a region from now on. */
    void writeFault(RegionId region, DiskFault fault) {
        writeFaults.put(region, fault);
    }

    /** The next of the agent's writes reaches the disk, but is said to have failed. */
    void denyNextWrite() {
        opened.forEach(device -> device.tearNextWrite(MORE_SECTORS_THAN_A_COPY_HAS));
    }

    /** Its own slots stand still from now on, everything else goes on. */
    void stopHeartbeats() {
        heartbeats.forEach(Disposable::dispose);
        heartbeats = new ArrayList<>();
    }

    void stopAgent() {
        running.dispose();
        uevents.close();
    }

    private Outcome reset() {
        resets++;
        crash();
        return Outcome.Done.DONE;
    }

    /** A region appears on a disk of its own, and this node beats there. */
    void attach(RegionId region) {
        SimDisk disk = SimDisk.formatted();
        beat(region, disk);
        Emit.to(changes, attached(region, disk));
    }

    /** One of the cluster's regions is announced again. */
    void attachAgain(RegionId region) {
        Emit.to(changes, attached(region, cluster.disk(region)));
    }

    /** Power off. */
    void crash() {
        stopAgent();
        cluster.network.detach(number);
        stopHeartbeats();
        cluster.fabric.crash(number);
    }

    SimDlmCall create(String lockspace) {
        return kernel.create(new LockspaceName(lockspace));
    }

    SimDlmCall release(String lockspace) {
        return kernel.release(new LockspaceName(lockspace));
    }
}
