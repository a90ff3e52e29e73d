// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.demo;

import dev.lockstep.board.SettingsDigest;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.core.Guards;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.flow.FlowSettings;
import dev.lockstep.flow.HeartbeatWriter;
import dev.lockstep.port.BootClock;
import dev.lockstep.sim.SimDlmFabric;
import dev.lockstep.sim.SimNetwork;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/** What the demo's nodes share: region files, the kernels' fabric, the network, a clock and a screen. */
final class DemoCluster {
    /** The real period is 2 s; nobody wants to watch that. */
    static final Duration PERIOD = Duration.ofMillis(150);

    static final int DEAD_THRESHOLD = 8;

    static final FlowSettings SETTINGS = new FlowSettings(
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofMillis(20),
            Duration.ofSeconds(1));

    static final LockspaceName WEB = new LockspaceName("web");
    static final LockspaceName MAIL = new LockspaceName("mail");

    private final SimDlmFabric fabric = new SimDlmFabric(0);
    private final SimNetwork network = new SimNetwork();
    private final DemoRegion red;
    private final DemoRegion blue;
    private final BootClock clock;
    private final DemoScreen screen;
    private final DemoRecord record;
    private final AtomicInteger late = new AtomicInteger();
    private volatile boolean over;

    DemoCluster(DemoRegion red, DemoRegion blue, BootClock clock, DemoScreen screen) {
        this.red = red;
        this.blue = blue;
        this.clock = clock;
        this.screen = screen;
        this.record = new DemoRecord(
                fabric, screen, clock, name -> name.equals(red.id().name()) ? red.label() : blue.label());
    }

    ClusterFacts facts(NodeNumber self, BootId boot) {
        SortedSet<NodeNumber> nodes = new TreeSet<>(List.of(NodeNumber.of(1), NodeNumber.of(2), NodeNumber.of(3)));
        Guards guards = new Guards(
                List.of(new Guards.Rule(WEB.value(), red.id()), new Guards.Rule(MAIL.value(), blue.id())), 2);
        return new ClusterFacts(
                self,
                boot,
                nodes,
                0,
                DEAD_THRESHOLD,
                PERIOD.toNanos(),
                PERIOD.toNanos(),
                new SettingsDigest(List.of(1)),
                guards,
                ClusterFacts.FenceMode.SELF);
    }

    /** What a watchdog would hear. */
    HeartbeatWriter.Watch watch() {
        return new HeartbeatWriter.Watch() {
            @Override
            public void beat(RegionId region) {}

            @Override
            public void missed(RegionId region, String why) {
                if (!over) {
                    late.incrementAndGet();
                    screen.say("a heartbeat was late: " + why);
                }
            }
        };
    }

    /** {@return how many heartbeats were late; a node that goes then is right, and the machine too slow} */
    int lateHeartbeats() {
        return late.get();
    }

    /** From now on nothing that ends is worth a word. */
    void over() {
        over = true;
    }

    SimDlmFabric fabric() {
        return fabric;
    }

    SimNetwork network() {
        return network;
    }

    List<DemoRegion> regions() {
        return List.of(red, blue);
    }

    DemoRegion red() {
        return red;
    }

    DemoRegion blue() {
        return blue;
    }

    BootClock clock() {
        return clock;
    }

    DemoScreen screen() {
        return screen;
    }

    DemoRecord record() {
        return record;
    }
}
