// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.sim.DiskFault;
import dev.lockstep.sim.SimDisk;
import dev.lockstep.sim.SimRegionDevice;
import dev.lockstep.sorted.SortedArraySet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

final class BoardWriterTest {
    private static final NodeNumber SELF = NodeNumber.of(3);
    private static final Report JOINS = Boards.report(3, 0, Boards.entry("a", Phase.JOINING));
    private static final Report STOPPED = Boards.report(3, 0, Boards.entry("a", Phase.STOPPED));
    private static final Report STARTED = Boards.report(3, 0, Boards.entry("a", Phase.STARTED));

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SimDisk disk = SimDisk.formatted();
    private final List<Evidence> evidence = new ArrayList<>();
    private final List<Report> published = new ArrayList<>();
    private SimRegionDevice device = disk.attach();
    private DiskFault fault = DiskFault.NONE;
    private final BoardWriter writer = writer(time, 40);

    private BoardWriter writer(Scheduler writes, long recalledSeq) {
        BoardWriter made = silent(writes, recalledSeq);
        made.published().subscribe(published::add);
        return made;
    }

    /** One that does not write yet. */
    private BoardWriter silent(Scheduler writes, long recalledSeq) {
        FlowContext context = new FlowContext(
                SortedArraySet.copyOf(List.of(SELF)),
                FlowSchedulers.shared(time),
                FlowSettings.DEFAULT,
                this::nowNs,
                new Inbox(time));
        context.inbox().evidence().subscribe(evidence::add);
        RegionIo io = new RegionIo(Boards.REGION, new RegionHandle(this::open), writes, context, Duration.ofSeconds(1));
        return new BoardWriter(io, time, this::nowNs, () -> recalledSeq, evidence::add);
    }

    private SimRegionDevice open() {
        device = disk.attach();
        device.onWrites(fault);
        return device;
    }

    private long nowNs() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    private BlockReading onDisk() throws IOException {
        return BoardCodec.decode(disk.attach().readBoardBlock(SELF.value()), SELF);
    }

    @Test
    void seqGoesOnWhereTheLastAgentEnded() throws IOException {
        writer.give(JOINS);
        writer.give(STOPPED);

        assertThat(published).containsExactly(JOINS.withSeq(41), STOPPED.withSeq(42));
        assertThat(onDisk()).isEqualTo(new BlockReading.Good(STOPPED.withSeq(42)));
    }

    @Test
    void submittedComesBeforePublished() {
        writer.give(JOINS);

        assertThat(evidence)
                .extracting(e -> e.getClass().getSimpleName())
                .containsExactly("ReportSubmitted", "ReportPublished");
    }

    @Test
    void theSameReportIsNotWrittenAgain() {
        writer.give(JOINS);
        writer.give(JOINS.withSeq(7));

        assertThat(published).hasSize(1);
    }

    @Test
    void ofWhatIsGivenBeforeItWritesOnlyTheNewestIsKept() {
        BoardWriter waiting = silent(time, 0);
        for (int i = 0; i < 1_000; i++) {
            waiting.give(i % 2 == 0 ? STOPPED : JOINS);
        }
        Flux<Report> reports = waiting.published();
        assertThat(Scannable.from(reports).parents().mapToInt(p -> p.scanOrDefault(Scannable.Attr.BUFFERED, 0)))
                .isNotEmpty()
                .allMatch(buffered -> buffered <= 1);

        reports.subscribe(published::add);

        assertThat(published).containsExactly(JOINS.withSeq(1));
    }

    @Test
    void theNewestOfTheReportsGivenDuringAWriteIsNext() throws IOException {
        VirtualTimeScheduler writes = VirtualTimeScheduler.create();
        BoardWriter slow = writer(delayed(writes), 0);
        slow.give(JOINS);
        slow.give(STOPPED);
        slow.give(STARTED);
        assertThat(published).isEmpty();

        writes.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(published).containsExactly(JOINS.withSeq(1), STARTED.withSeq(2));
    }

    @Test
    void whatIsTakenBackDuringAWriteIsNotWrittenAfterIt() {
        VirtualTimeScheduler writes = VirtualTimeScheduler.create();
        BoardWriter slow = writer(delayed(writes), 0);
        slow.give(JOINS);
        slow.give(STOPPED);
        slow.takeBack();

        writes.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(published).containsExactly(JOINS.withSeq(1));
    }

    @Test
    void aReportWhoseWriteFailsIsTriedAgainThoughALaterOneWasTakenBack() {
        fault = DiskFault.failing("EIO");
        writer.give(JOINS);
        writer.give(STOPPED);
        writer.takeBack();

        fault = DiskFault.NONE;
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(published).containsExactly(JOINS.withSeq(42));
    }

    @Test
    void whatIsTakenBackBeforeAnythingWasWrittenIsNotWritten() {
        BoardWriter waiting = silent(time, 0);
        waiting.give(JOINS);
        waiting.takeBack();
        waiting.published().subscribe(published::add);
        assertThat(published).isEmpty();

        waiting.give(STOPPED);

        assertThat(published).containsExactly(STOPPED.withSeq(1));
    }

    /** A disk whose every write takes a second. */
    private static Scheduler delayed(VirtualTimeScheduler scheduler) {
        return new SlowScheduler(scheduler, Duration.ofSeconds(1));
    }

    @Test
    void aReportThatALaterReadingDoesNotShowIsWrittenAgain() {
        writer.give(JOINS);
        time.advanceTimeBy(Duration.ofSeconds(1));
        writer.seen(reading(new BlockReading.Bad("wiped")));
        writer.give(JOINS);

        assertThat(published).containsExactly(JOINS.withSeq(41), JOINS.withSeq(42));
    }

    @Test
    void aReadingBegunBeforeTheWriteEndedSaysNothing() {
        Evidence.BoardScanned early = reading(new BlockReading.Vacant());
        writer.give(JOINS);
        writer.seen(early);
        writer.give(JOINS);

        assertThat(published).hasSize(1);
    }

    private Evidence.BoardScanned reading(BlockReading own) {
        return Boards.scan(nowNs(), own, own, own, own);
    }

    @Test
    void afterAFailureTheNewestReportIsTriedAgainAfterAPause() {
        fault = DiskFault.failing("EIO");
        writer.give(JOINS);
        assertThat(published).isEmpty();
        assertThat(evidence).anyMatch(e -> e instanceof Evidence.RegionFailing);

        fault = DiskFault.NONE;
        writer.give(STARTED);
        time.advanceTimeBy(FlowSettings.DEFAULT.retryAtLeast());

        assertThat(published).containsExactly(STARTED.withSeq(42));
    }

    @Test
    void aFailedWriteNeverTouchesTheCopyWithTheNewestReport() throws IOException {
        writer.give(JOINS);
        BlockReading before = onDisk();
        device.tearNextWrite(0);
        writer.give(STOPPED);
        assertThat(onDisk()).isEqualTo(before);

        fault = DiskFault.failing("EIO");
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(onDisk()).isEqualTo(before);

        fault = DiskFault.NONE;
        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(onDisk())
                .isInstanceOfSatisfying(
                        BlockReading.Good.class,
                        good -> assertThat(good.report().withSeq(0)).isEqualTo(STOPPED));
    }
}
