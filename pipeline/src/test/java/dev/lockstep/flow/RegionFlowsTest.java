// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.sim.SimNetwork;
import dev.lockstep.sorted.SortedArraySet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

final class RegionFlowsTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<Evidence> evidence = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    @Test
    void aRegionForWhichThereIsNoRoomIsRefusedByNameAndTheOthersGoOn() {
        List<RegionChange.Attached> attached = new ArrayList<>();
        for (int i = 0; i <= RegionFlows.MOST; i++) {
            attached.add(new RegionChange.Attached(new RegionId("R" + i), true, Duration.ofSeconds(2), this::open, ""));
        }
        follow(attached);
        time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(failures).isEmpty();
        assertThat(evidence)
                .contains(new Evidence.RegionFound(
                        0,
                        new RegionId("R" + RegionFlows.MOST),
                        false,
                        "no room for it: " + RegionFlows.MOST + " regions are attached already"));
        assertThat(evidence)
                .filteredOn(each -> each.atNs() > Duration.ofSeconds(5).toNanos())
                .extracting(each -> ((Evidence.OfRegion) each).region())
                .contains(new RegionId("R0"), new RegionId("R" + (RegionFlows.MOST - 1)))
                .doesNotContain(new RegionId("R" + RegionFlows.MOST));
    }

    private RegionDevice open() throws IOException {
        throw new IOException("EIO");
    }

    private void follow(List<RegionChange.Attached> attached) {
        FlowContext context = new FlowContext(
                SortedArraySet.copyOf(List.of(NodeNumber.of(1))),
                FlowSchedulers.shared(time),
                FlowSettings.DEFAULT,
                () -> time.now(TimeUnit.NANOSECONDS),
                new Inbox(time));
        context.inbox().evidence().subscribe(evidence::add);
        new RegionFlows(
                        attached,
                        Flux.never(),
                        context,
                        new SimNetwork().attach(NodeNumber.of(1), time),
                        region -> 0,
                        evidence::add)
                .evidence()
                .subscribe(evidence::add, failures::add);
    }
}
