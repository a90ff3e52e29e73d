// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.evidence.Evidence.SlotsScanned;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.sim.DiskFault;
import dev.lockstep.sim.HungDisk;
import dev.lockstep.sim.SimDisk;
import dev.lockstep.sim.SimRegionDevice;
import dev.lockstep.sorted.SortedArraySet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

final class RegionScanTest {
    private static final RegionId R1 = new RegionId("R1");
    private static final RegionId R2 = new RegionId("R2");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SimDisk disk = SimDisk.formatted();
    private final List<Evidence> evidence = new ArrayList<>();
    private DiskFault fault = DiskFault.NONE;
    private int opened;

    private FlowContext context(FlowSchedulers schedulers) {
        return new FlowContext(
                SortedArraySet.copyOf(List.of(NodeNumber.of(0), NodeNumber.of(254))),
                schedulers,
                FlowSettings.DEFAULT,
                () -> time.now(TimeUnit.NANOSECONDS),
                new Inbox(schedulers.core()));
    }

    private RegionDevice open() {
        opened++;
        SimRegionDevice device = disk.attach();
        device.onReads(operation -> fault.strike(operation));
        return device;
    }

    private void scan() {
        FlowContext context = context(FlowSchedulers.shared(time));
        context.inbox().evidence().subscribe(evidence::add);
        RegionIo io = new RegionIo(R1, new RegionHandle(this::open), time, context, Duration.ofSeconds(1));
        new RegionScan(R1, Duration.ofSeconds(2), io, context).evidence().subscribe(evidence::add);
    }

    @Test
    void readsTwicePerPeriodAndOnlyConfiguredNodes() {
        scan();
        time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(evidence)
                .hasSize(11)
                .allSatisfy(each -> assertThat(each)
                        .isInstanceOfSatisfying(
                                SlotsScanned.class,
                                scan -> assertThat(scan.slots())
                                        .containsOnlyKeys(NodeNumber.of(0), NodeNumber.of(254))));
        assertThat(opened).isEqualTo(1);
    }

    @Test
    void aFailureIsToldAndTheDeviceOpenedAnewAfterGrowingPauses() {
        scan();
        fault = DiskFault.failing("EIO");
        evidence.clear();
        time.advanceTimeBy(Duration.ofMillis(1000 + 100 + 200 + 400));

        assertThat(evidence).hasSize(4).allMatch(each -> each instanceof Evidence.RegionFailing);
        assertThat(opened).isEqualTo(4);

        fault = DiskFault.NONE;
        time.advanceTimeBy(Duration.ofMillis(800));
        assertThat(evidence).last().isInstanceOf(SlotsScanned.class);
        assertThat(opened).isEqualTo(5);
    }

    @Test
    void aDiskThatFailedForLongIsReadAtTheNextScanOnceItWorks() {
        scan();
        fault = DiskFault.failing("EIO");
        time.advanceTimeBy(Duration.ofMinutes(1));
        fault = DiskFault.NONE;
        evidence.clear();
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(evidence).anyMatch(each -> each instanceof SlotsScanned);
    }

    @Test
    void aDiskThatHangsDelaysOnlyItsOwnRegion() throws InterruptedException {
        FlowSchedulers threads = FlowSchedulers.threads("test");
        FlowContext context = context(threads);
        HungDisk hung = new HungDisk();
        SimRegionDevice bad = disk.attach();
        bad.onReads(hung);
        Flux<Evidence> hanging = scan(R1, () -> bad, context);
        Flux<Evidence> healthy = scan(R2, disk::attach, context);

        List<Evidence> first =
                Flux.merge(hanging, healthy).take(5).collectList().block(Duration.ofSeconds(30));

        hung.awaitStruck();
        assertThat(first)
                .hasSize(5)
                .allMatch(each -> ((SlotsScanned) each).region().equals(R2));
        hung.release();
        threads.releaseAll();
    }

    private static Flux<Evidence> scan(RegionId region, RegionChange.Opener opener, FlowContext context) {
        RegionIo io = new RegionIo(
                region, new RegionHandle(opener), context.schedulers().reads(region), context, Duration.ofMillis(10));
        return new RegionScan(region, Duration.ofMillis(20), io, context).evidence();
    }
}
