// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.SettingsDigest;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.core.Guards;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.event.LogEvent;
import dev.lockstep.sim.SimDisk;
import dev.lockstep.sim.SimDlmFabric;
import dev.lockstep.sim.SimNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A cluster on simulated disks and kernels with production pipelines, in virtual time. */
final class ShellCluster {
    static final Duration PERIOD = Duration.ofSeconds(2);
    static final int DEAD_THRESHOLD = 5;

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final SimDlmFabric fabric = new SimDlmFabric(1);
    final SimNetwork network = new SimNetwork();
    final SortedMap<RegionId, SimDisk> disks = new TreeMap<>();
    final SortedSet<NodeNumber> numbers = new TreeSet<>();
    final List<String> story = new ArrayList<>();
    final List<LogEvent> events = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    private ClusterFacts.FenceMode fence = ClusterFacts.FenceMode.SELF;

    ShellCluster(int nodes, String... regions) {
        for (int i = 0; i < nodes; i++) {
            numbers.add(NodeNumber.of(i));
        }
        for (String region : regions) {
            disks.put(new RegionId(region), SimDisk.formatted());
        }
    }

    ShellNode boot(int number) {
        return new ShellNode(this, NodeNumber.of(number));
    }

    SimDisk disk(RegionId region) {
        return Objects.requireNonNull(disks.get(region));
    }

    long nowNs() {
        return time.now(TimeUnit.NANOSECONDS) + 1_000_000_000L;
    }

    ClusterFacts facts(NodeNumber self, BootId boot) {
        return new ClusterFacts(
                self,
                boot,
                numbers,
                1,
                DEAD_THRESHOLD,
                PERIOD.toNanos(),
                PERIOD.toNanos(),
                new SettingsDigest(List.of(1, 2, 3)),
                Guards.NONE,
                fence);
    }

    ShellCluster withManualFence() {
        fence = ClusterFacts.FenceMode.MANUAL;
        return this;
    }

    void log(NodeNumber node, LogEvent event) {
        events.add(event);
        story.add(nowNs() / 1_000_000 + " ms, node " + node + ": " + event.type() + " "
                + event.node().map(n -> "of " + n + " ").orElse("")
                + event.region().map(r -> "in " + r + " ").orElse("")
                + event.lockspace().map(l -> l + " ").orElse("")
                + (event.epoch() == 0 ? "" : "epoch " + event.epoch() + " ") + event.text());
    }

    /** Lets time pass until {@code condition} holds. */
    void within(Duration atMost, String what, BooleanSupplier condition) {
        long endNs = nowNs() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(nowNs())
                    .as("%s within %s\n%s\n", what, atMost, String.join("\n", story))
                    .isLessThan(endNs);
            time.advanceTimeBy(Duration.ofMillis(10));
        }
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    void runsOn(Duration atMost, String lockspace, Integer... nodes) {
        SortedSet<NodeNumber> wanted = new TreeSet<>();
        for (int node : nodes) {
            wanted.add(NodeNumber.of(node));
        }
        within(atMost, lockspace + " runs on " + wanted, () -> fabric.runsOn(new LockspaceName(lockspace), wanted));
        assertThat(fabric.violations()).isEmpty();
    }
}
