// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import dev.lockstep.core.State;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.flow.FlowSettings;
import dev.lockstep.flow.NodePipeline;
import dev.lockstep.flow.NodePorts;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.sim.SimUeventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** One life of one node's agent: the production pipeline on simulated ports. */
final class SimAgent {
    private final SimThreads threads;
    private final SimUeventSource uevents;
    private final NodePipeline pipeline;
    private final Disposable running;

    SimAgent(SimCluster cluster, SimNode node) {
        threads = new SimThreads(cluster.time(), cluster.random(), node);
        uevents = node.kernel().openUevents(threads.watch());
        List<RegionChange.Attached> regions = new ArrayList<>();
        cluster.settings()
                .regions()
                .forEach(region -> regions.add(new RegionChange.Attached(
                        region, true, cluster.settings().period(), () -> node.open(region), "")));
        NodePorts ports = new NodePorts(
                regions,
                Flux.never(),
                uevents,
                new FaultyKernel(cluster, node),
                cluster.network().attach(node.number(), threads.watch()),
                new SimFence(cluster, node),
                node.memory(),
                event -> cluster.heard(node, event),
                node::clockNs);
        pipeline = new NodePipeline(node.facts(), ports, threads, FlowSettings.DEFAULT);
        if (cluster.settings().splitVerdictAfter().isPresent()) {
            cluster.numbers().stream()
                    .filter(n -> !n.equals(node.number()))
                    .forEach(peer -> probe(cluster, node, peer));
        }
        running = pipeline.start(bug -> cluster.violated("the pipeline of node " + node.number() + " died: " + bug));
    }

    private void probe(SimCluster cluster, SimNode node, NodeNumber peer) {
        long periodMs = cluster.settings().period().toMillis();
        threads.watch()
                .schedulePeriodically(
                        () -> pipeline.tell(
                                new Evidence.PeerProbed(node.clockNs(), peer, cluster.answers(node.number(), peer))),
                        periodMs,
                        periodMs,
                        TimeUnit.MILLISECONDS);
    }

    State state() {
        return pipeline.state().get();
    }

    /** Uevents to come are lost, as when the socket's buffer is full. */
    void loseUevents(int count) {
        uevents.loseNext(count);
    }

    /** SIGKILL; {@return when the process is gone} */
    long kill() {
        long goneNs = threads.die();
        running.dispose();
        uevents.close();
        return goneNs;
    }

    /** Its machine is gone. */
    void end() {
        threads.end();
        running.dispose();
        uevents.close();
    }
}
