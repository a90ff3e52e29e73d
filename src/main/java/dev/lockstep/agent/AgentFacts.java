// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.config.CommonSettings;
import dev.lockstep.config.Node;
import dev.lockstep.config.Settings;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.core.FencePolicy;
import dev.lockstep.core.Guards;
import dev.lockstep.dlm.ClusterSettings;
import dev.lockstep.dlm.DlmNode;
import dev.lockstep.dlm.LockspaceSettings;
import dev.lockstep.dlm.NodeTable;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Glob;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.fence.FenceRun;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The settings in the words of the core and of each adapter. */
final class AgentFacts {

    private AgentFacts() {}

    static ClusterFacts core(Settings settings, BootId boot) {
        TreeSet<NodeNumber> nodes = new TreeSet<>();
        settings.nodes().forEach(n -> nodes.add(n.number()));
        List<Guards.Rule> rules = settings.guards().stream()
                .map(g -> new Guards.Rule(g.lockspace(), new RegionId(g.region())))
                .toList();
        return new ClusterFacts(
                settings.self().number(),
                boot,
                nodes,
                settings.dlm().nodeidOffset(),
                settings.deadThreshold(),
                settings.heartbeatPeriod().toNanos(),
                settings.deathMargin().toNanos(),
                CommonSettings.digest(settings),
                new Guards(rules, settings.regions().size()),
                new FencePolicy(
                        fenceMode(settings),
                        settings.fenceCommand().timeout().toNanos(),
                        limit(settings.agentDeadAfter()),
                        limit(settings.splitVerdictAfter())));
    }

    private static long limit(Optional<Duration> limit) {
        return limit.map(Duration::toNanos).orElse(FencePolicy.NEVER);
    }

    private static FenceMode fenceMode(Settings settings) {
        return switch (settings.fence()) {
            case SELF -> FenceMode.SELF;
            case COMMAND -> FenceMode.COMMAND;
            case MANUAL -> FenceMode.MANUAL;
        };
    }

    static Map<NodeNumber, FenceRun.Peer> fencePeers(Settings settings) {
        Map<NodeNumber, FenceRun.Peer> peers = new HashMap<>();
        for (Node node : settings.nodes()) {
            if (!node.number().equals(settings.self().number())) {
                peers.put(
                        node.number(),
                        new FenceRun.Peer(node.name(), node.address().getHostAddress()));
            }
        }
        return peers;
    }

    static ClusterSettings dlm(Settings settings) {
        return new ClusterSettings(
                settings.clusterName(),
                settings.dlm().port(),
                (int) settings.dlm().mark(),
                settings.dlm().logDebug());
    }

    static NodeTable dlmNodes(Settings settings) {
        List<DlmNode> nodes = settings.nodes().stream()
                .map(n -> new DlmNode(
                        n.number(), NodeId.of(n.number(), settings.dlm().nodeidOffset()), n.address(), (int) n.mark()))
                .toList();
        return new NodeTable(settings.self().number(), nodes);
    }

    static LockspaceSettings lockspace(Settings settings, LockspaceName name) {
        boolean nodir = settings.dlm().nodir().stream().anyMatch(glob -> new Glob(glob).matches(name.value()));
        Map<NodeNumber, Integer> weights = new HashMap<>();
        settings.nodes().forEach(n -> weights.put(n.number(), n.weight()));
        return new LockspaceSettings(nodir, weights);
    }

    static Map<NodeNumber, InetAddress> probedPeers(Settings settings) {
        Map<NodeNumber, InetAddress> peers = new HashMap<>();
        settings.nodes().stream()
                .filter(node -> !node.number().equals(settings.self().number()))
                .forEach(node -> peers.put(node.number(), node.address()));
        return peers;
    }

    static Map<NodeNumber, InetSocketAddress> wakeUpPeers(Settings settings) {
        Map<NodeNumber, InetSocketAddress> peers = new HashMap<>();
        for (Node node : settings.nodes()) {
            if (!node.number().equals(settings.self().number())) {
                peers.put(
                        node.number(),
                        new InetSocketAddress(node.address(), settings.wakeUps().port()));
            }
        }
        return peers;
    }
}
