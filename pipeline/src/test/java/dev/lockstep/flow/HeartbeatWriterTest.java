// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.core.ClusterFacts;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotCodec;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.sim.DiskFault;
import dev.lockstep.sim.SimDisk;
import dev.lockstep.sim.SimRegionDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

final class HeartbeatWriterTest {
    private static final RegionId REGION = new RegionId("R1");
    private static final Generation GENERATION = new Generation(0x1234);
    private static final Duration PERIOD = ShellCluster.PERIOD;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SimDisk disk = SimDisk.formatted();
    private final List<String> heard = new ArrayList<>();
    private DiskFault fault = DiskFault.NONE;
    private long skewNs;

    private final ClusterFacts facts = new ShellCluster(3, "R1").facts(NodeNumber.of(2), new BootId(1, 1));
    private final HeartbeatWriter writer = new HeartbeatWriter(
            REGION, facts, GENERATION, this::open, time, () -> time.now(TimeUnit.NANOSECONDS) + skewNs, watch());

    private RegionDevice open() {
        SimRegionDevice device = disk.attach();
        device.onWrites(fault);
        return device;
    }

    private HeartbeatWriter.Watch watch() {
        return new HeartbeatWriter.Watch() {
            @Override
            public void beat(RegionId region) {
                heard.add("beat");
            }

            @Override
            public void missed(RegionId region, String why) {
                heard.add("missed: " + why);
            }
        };
    }

    private SlotBlock slot() {
        ByteBuffer slots = ByteBuffer.allocate(512 * 255);
        try {
            disk.attach().readSlots(slots);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return ((SlotReading.Good) new SlotCodec(512).decode(slots, 2 * 512)).block();
    }

    @Test
    void beatsOncePerPeriodInItsOwnSlot() {
        writer.start();
        SlotBlock first = slot();
        time.advanceTimeBy(PERIOD);
        SlotBlock second = slot();

        assertThat(first.generation()).isEqualTo(GENERATION);
        assertThat(first.hbNode()).isEqualTo(2);
        assertThat(first.deadMs()).isEqualTo(facts.deadMs());
        assertThat(second.seq()).isGreaterThan(first.seq());
        assertThat(heard).containsExactly("beat", "beat");
    }

    @Test
    void aCleanEndSaysGenerationZero() {
        Disposable beating = writer.start();
        beating.dispose();
        writer.leave().block();
        time.advanceTimeBy(PERIOD.multipliedBy(3));

        assertThat(slot().generation()).isEqualTo(Generation.NONE);
    }

    @Test
    void aCrashLeavesTheSlotAsItIs() {
        Disposable beating = writer.start();
        beating.dispose();
        SlotBlock last = slot();
        time.advanceTimeBy(PERIOD.multipliedBy(3));

        assertThat(slot()).isEqualTo(last);
    }

    @Test
    void aFailedWriteFeedsNoWatchdogAndTheNextBeatTriesAgain() {
        fault = DiskFault.failing("EIO");
        writer.start();
        fault = DiskFault.NONE;
        time.advanceTimeBy(PERIOD);

        assertThat(heard).hasSize(2).last().isEqualTo("beat");
        assertThat(heard.get(0)).startsWith("missed").contains("EIO");
    }

    @Test
    void aWriteThatTookLongerThanItsPeriodFeedsNoWatchdog() {
        fault = operation -> skewNs += PERIOD.toNanos() + 1;
        writer.start();

        assertThat(heard).singleElement().asString().startsWith("missed");
    }
}
