// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.core.FencePolicy;
import dev.lockstep.core.Guards;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a simulated cluster is made of.
 *
 * @param nodes how many nodes, numbered from 1
 * @param period the heartbeat's
 * @param deadThreshold T
 * @param regions all are beaten in by every node
 * @param lockspaces those that programs use
 * @param guards which region guards which
 * @param fence how death is proven; other than SELF, machines may also be paused past the threshold
 * @param agentDeadAfter how long a live node's agent may leave others waiting; empty: for ever
 * @param splitVerdictAfter how long a verdict over a split must stand; empty: links are not probed
 */
public record SimSettings(
        int nodes,
        Duration period,
        int deadThreshold,
        List<RegionId> regions,
        List<LockspaceName> lockspaces,
        Guards guards,
        FenceMode fence,
        Optional<Duration> agentDeadAfter,
        Optional<Duration> splitVerdictAfter) {

    /** Longer than the simulated device ever takes. */
    static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(15);

    public SimSettings {
        regions = List.copyOf(regions);
        lockspaces = List.copyOf(lockspaces);
    }

    /**
     * {@return three lockspaces in two regions}
     *
     * @param nodes how many nodes
     */
    public static SimSettings ofNodes(int nodes) {
        RegionId red = new RegionId("RED");
        RegionId blue = new RegionId("BLUE");
        List<LockspaceName> names =
                List.of(new LockspaceName("apple"), new LockspaceName("beet"), new LockspaceName("cress"));
        Guards guards = new Guards(
                List.of(new Guards.Rule("apple", red), new Guards.Rule("beet", red), new Guards.Rule("cress", blue)),
                Guards.FOUND_ONLY);
        return new SimSettings(
                nodes,
                Duration.ofSeconds(2),
                7,
                List.of(red, blue),
                names,
                guards,
                FenceMode.SELF,
                Optional.empty(),
                Optional.empty());
    }

    /** {@return the same with a fence device} */
    public SimSettings withFenceCommand() {
        return new SimSettings(
                nodes,
                period,
                deadThreshold,
                regions,
                lockspaces,
                guards,
                FenceMode.COMMAND,
                agentDeadAfter,
                splitVerdictAfter);
    }

    /** {@return the same with agents that may be dead for so long only} */
    public SimSettings withAgentsDeadAfter(Duration limit) {
        return new SimSettings(
                nodes,
                period,
                deadThreshold,
                regions,
                lockspaces,
                guards,
                fence,
                Optional.of(limit),
                splitVerdictAfter);
    }

    /** {@return the same with links that are probed, and losers of a split that go} */
    public SimSettings withSplitVerdictAfter(Duration limit) {
        return new SimSettings(
                nodes, period, deadThreshold, regions, lockspaces, guards, fence, agentDeadAfter, Optional.of(limit));
    }

    FencePolicy fencing() {
        return new FencePolicy(fence, COMMAND_TIMEOUT.toNanos(), ns(agentDeadAfter), ns(splitVerdictAfter));
    }

    private static long ns(Optional<Duration> limit) {
        return limit.map(Duration::toNanos).orElse(FencePolicy.NEVER);
    }

    /** {@return within what time after the last fault all is well again} */
    Duration patience() {
        Duration noticed = dead().multipliedBy(2).plus(Duration.ofSeconds(40));
        // A command that failed is tried again after up to 80 s, one whose end nobody saw after its timeout.
        return fence == FenceMode.SELF ? noticed : noticed.plus(Duration.ofSeconds(150));
    }

    /** {@return hb_dead_ms as every slot says it} */
    long deadMs() {
        return deadThreshold * period.toMillis();
    }

    /** {@return after which silence a node is dead for certain} */
    Duration dead() {
        return period.multipliedBy(deadThreshold + 1L);
    }
}
