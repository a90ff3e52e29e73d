// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.sim.SimDisk;
import dev.lockstep.sorted.SortedArraySet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

final class RegionFlowTest {
    private static final Report JOINS = Boards.report(3, 0, Boards.entry("a", Phase.JOINING));
    private static final Report STOPPED = Boards.report(3, 0, Boards.entry("a", Phase.STOPPED));

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final NamedSchedulers schedulers = new NamedSchedulers(time);
    private final List<String> told = new ArrayList<>();
    private final RegionFlow flow = flow(Mono.empty());

    private RegionFlow flow(Mono<Void> writesBefore) {
        FlowContext context = new FlowContext(
                SortedArraySet.copyOf(List.of(NodeNumber.of(3))),
                schedulers,
                FlowSettings.DEFAULT,
                () -> time.now(TimeUnit.NANOSECONDS),
                new Inbox(schedulers.core()));
        SimDisk disk = SimDisk.formatted();
        return new RegionFlow(
                new RegionChange.Attached(Boards.REGION, true, Duration.ofSeconds(2), disk::attach, ""),
                context,
                writesBefore,
                () -> 0,
                this::tell);
    }

    private void tell(Evidence evidence) {
        told.add(evidence.getClass().getSimpleName() + " on " + schedulers.running());
    }

    /** What the flow before wrote could land on it, and peers would read an older report after a newer one. */
    @Test
    void nothingIsWrittenWhileAWriteOfAnEarlierFlowIsOnItsWay() {
        Sinks.Empty<Void> landed = Sinks.empty();
        RegionFlow next = flow(landed.asMono());
        schedulers.core().schedule(() -> next.evidence(report -> {}).subscribe());
        schedulers.core().schedule(() -> next.report(Optional.of(JOINS), true));
        time.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(told).isEmpty();

        schedulers.core().schedule(landed::tryEmitEmpty);
        assertThat(told).containsExactly("ReportSubmitted on core", "ReportPublished on core");
    }

    @Test
    void aReportGivenBeforeTheDeviceIsOpenIsToldOnTheCoresThreadToo() {
        schedulers.core().schedule(() -> flow.report(Optional.of(JOINS), true));
        schedulers
                .core()
                .schedule(() -> flow.evidence(report -> told.add("seq " + report.seq() + " on " + schedulers.running()))
                        .subscribe());
        schedulers.core().schedule(() -> flow.report(Optional.of(STOPPED), true));

        assertThat(told)
                .containsExactly(
                        "ReportSubmitted on core",
                        "ReportPublished on core",
                        "seq 1 on core",
                        "ReportSubmitted on core",
                        "ReportPublished on core",
                        "seq 2 on core");
    }

    @Test
    void aReportThatIsNotWantedAnyMoreWhenTheOneBeforeHasLandedIsNotWritten() {
        onCore(() -> flow.evidence(report -> told.add("seq " + report.seq())).subscribe());
        schedulers.hangWrites();
        onCore(() -> flow.report(Optional.of(JOINS), true));
        onCore(() -> flow.report(Optional.of(STOPPED), true));
        onCore(() -> flow.report(Optional.empty(), true));

        schedulers.landWrites();

        assertThat(told).containsExactly("ReportSubmitted on core", "ReportPublished on core", "seq 1");
    }

    private void onCore(Runnable task) {
        schedulers.core().schedule(task);
    }
}
