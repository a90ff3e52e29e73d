// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.demo;

import dev.lockstep.core.ClusterFacts;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.flow.FlowSchedulers;
import dev.lockstep.flow.HeartbeatWriter;
import dev.lockstep.flow.NodePipeline;
import dev.lockstep.flow.NodePorts;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.port.MemoryStore;
import dev.lockstep.sim.SimDlmKernel;
import dev.lockstep.sim.SimDlmNode;
import dev.lockstep.sim.SimUeventSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One life of one node of the demo: its heartbeats, its kernel and its agent. */
final class DemoNode {
    private final DemoCluster cluster;
    private final NodeNumber number;
    private final SimDlmNode kernel;
    private final ClusterFacts facts;
    private final Kept memory = new Kept();
    private final SortedMap<RegionId, Beat> beats = new TreeMap<>();
    private List<Runnable> agent = List.of();

    /** One region's heartbeat. */
    private record Beat(HeartbeatWriter writer, Disposable running, Scheduler thread) {}

    /** Memory that ends with this life. */
    private static final class Kept implements MemoryStore {
        private volatile Memory memory = Memory.blank();

        @Override
        public Memory load() {
            return memory;
        }

        @Override
        public void save(Memory now) {
            memory = now;
        }

        @Override
        public void saveLasting(Memory.Lasting now) {} // there is no next boot
    }

    /** The simulated kernel, with every change told. */
    private record Told(SimDlmKernel kernel, NodeNumber node, DemoRecord record) implements DlmKernel {
        @Override
        public Outcome apply(Mutation mutation) {
            Outcome outcome = kernel.apply(mutation);
            if (outcome instanceof Outcome.Done) {
                record.applied(node, mutation);
            }
            return outcome;
        }

        @Override
        public Outcome answerUnusable(String directory, int result) {
            return kernel.answerUnusable(directory, result);
        }

        @Override
        public KernelSnapshot read(boolean withUnanswered) throws IOException {
            return kernel.read(withUnanswered);
        }

        @Override
        public Optional<KernelLockspace> read(LockspaceName name) throws IOException {
            return kernel.read(name);
        }
    }

    /** Boots: a new boot id, heartbeats in every region, an agent. */
    DemoNode(DemoCluster cluster, NodeNumber number) {
        this.cluster = cluster;
        this.number = number;
        UUID life = UUID.randomUUID();
        BootId boot = new BootId(life.getMostSignificantBits(), life.getLeastSignificantBits());
        kernel = cluster.fabric().boot(number, boot);
        facts = cluster.facts(number, boot);
        cluster.regions().forEach(this::beat);
        startAgent();
    }

    /** {@return its kernel, as programs on it see it} */
    SimDlmNode kernel() {
        return kernel;
    }

    /** {@return its number} */
    NodeNumber number() {
        return number;
    }

    private void beat(DemoRegion region) {
        Scheduler thread = Schedulers.newSingle("node-" + number + "-beat-" + region.label(), true);
        long generation = Math.max(1, UUID.randomUUID().getLeastSignificantBits() >>> 1);
        HeartbeatWriter writer = new HeartbeatWriter(
                region.id(), facts, new Generation(generation), region::open, thread, cluster.clock(), cluster.watch());
        beats.put(region.id(), new Beat(writer, writer.start(), thread));
    }

    /** Stops the heartbeat in one region cleanly. */
    void leave(DemoRegion region) {
        Beat beat = beats.remove(region.id());
        if (beat != null) {
            beat.running().dispose();
            beat.writer().leave().block();
            beat.thread().dispose();
        }
    }

    /** Starts an agent beside whatever the kernel runs. */
    void startAgent() {
        FlowSchedulers schedulers = FlowSchedulers.threads("node-" + number);
        SimUeventSource uevents = kernel.openUevents(schedulers.watch());
        List<RegionChange.Attached> regions = new ArrayList<>();
        for (DemoRegion region : cluster.regions()) {
            regions.add(new RegionChange.Attached(region.id(), true, DemoCluster.PERIOD, region::open, ""));
        }
        NodePorts ports = new NodePorts(
                regions,
                Flux.never(),
                uevents,
                new Told(kernel.kernel(), number, cluster.record()),
                cluster.network().attach(number, schedulers.watch()),
                why -> {
                    cluster.screen().failed("node " + number + " resets itself: " + why);
                    return Outcome.Done.DONE;
                },
                memory,
                event -> cluster.record().logged(number, event),
                cluster.clock());
        Disposable running = new NodePipeline(facts, ports, schedulers, DemoCluster.SETTINGS)
                .start(bug -> cluster.screen().failed("the agent of node " + number + " died: " + bug));
        agent = List.of(running::dispose, uevents::close, schedulers::releaseAll);
    }

    /** Ends the agent; heartbeat and kernel go on. */
    void stopAgent() {
        agent.forEach(Runnable::run);
        agent = List.of();
    }

    /** Takes the power away. */
    void kill() {
        beats.values().forEach(beat -> {
            beat.running().dispose();
            beat.thread().dispose();
        });
        beats.clear();
        cluster.fabric().crash(number);
        cluster.network().detach(number);
        stopAgent();
    }
}
