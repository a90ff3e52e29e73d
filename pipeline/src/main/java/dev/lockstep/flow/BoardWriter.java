// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.Encoding;
import dev.lockstep.board.Report;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.evidence.Evidence.BoardScanned;
import dev.lockstep.port.BootClock;
import dev.lockstep.port.RegionDevice;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Writes the own report of one region by group commit: one write in flight, and when it ends the newest report given
 * meanwhile is next. A report that says the same as the one on disk is not written again, unless a reading begun after
 * that write does not show it.
 *
 * <p>The block's two copies take turns. Which one is next is read from the block before the first write and after each
 * failed one, which may have torn its copy: the copy with the newest whole report is never written over.
 *
 * <p>All but the write itself happens on the core's thread.
 */
final class BoardWriter {
    /** That something was given: what, is read as its write begins. */
    private final Sinks.Many<Boolean> given = Sinks.many().replay().latest();

    private final RegionIo io;
    private final Scheduler core;
    private final BootClock clock;
    private final LongSupplier recalledSeq;
    private final Consumer<Evidence> observer;

    private @Nullable Report wanted;
    /** The one whose write was begun and has not succeeded yet. */
    private @Nullable Report submitted;

    private @Nullable Report onDisk;
    private long onDiskSinceNs;
    /** A reading that shows what is on disk: while it is the same object, so does it. */
    private @Nullable BlockReading shown;

    private long lastSeq;
    /** The write thread's own: the copy to write next, -1 while it has to be read from the block. */
    private int nextCopy = -1;

    /**
     * @param io the region's write thread
     * @param recalledSeq the highest own seq the core knows of, from the block as last read
     * @param observer takes ReportSubmitted before the write begins and ReportPublished after it, on the core's thread
     */
    BoardWriter(RegionIo io, Scheduler core, BootClock clock, LongSupplier recalledSeq, Consumer<Evidence> observer) {
        this.io = io;
        this.core = core;
        this.clock = clock;
        this.recalledSeq = recalledSeq;
        this.observer = observer;
    }

    /** Takes the report that shall be on disk; its seq is void. */
    void give(Report report) {
        wanted = report;
        if (!isOnDisk(report)) {
            Emit.to(given, true);
        }
    }

    /** Takes back what was given and is not being written yet: it is not wanted any more. */
    void takeBack() {
        wanted = submitted;
    }

    /** Takes a reading of the board before the core does. */
    @SuppressWarnings("ReferenceEquality") // mostly it is the very one that was read before
    void seen(BoardScanned reading) {
        Report expected = onDisk;
        if (expected == null || reading.startedNs() <= onDiskSinceNs) {
            return;
        }
        BlockReading own = reading.blocks().get(expected.node());
        if (own == shown) {
            return;
        }
        if (own instanceof BlockReading.Good good && good.report().equals(expected)) {
            shown = own;
        } else {
            onDisk = null;
        }
    }

    /**
     * {@return each report as its write has completed}
     *
     * <p>One subscriber; subscribing starts the writing. Emits on the core's thread. A failed write is told, and tried
     * again with the newest report after a pause.
     */
    Flux<Report> published() {
        return given.asFlux().onBackpressureLatest().concatMap(any -> io.retried("writing the report", write()), 0);
    }

    private Mono<Report> write() {
        return Mono.defer(() -> {
            Report newest = wanted;
            if (newest == null || isOnDisk(newest)) {
                return Mono.empty();
            }
            lastSeq = Math.max(lastSeq, recalledSeq.getAsLong()) + 1;
            Report report = newest.withSeq(lastSeq);
            submitted = report;
            observer.accept(new Evidence.ReportSubmitted(clock.nowNs(), report));
            return io.once(device -> write(device, report)).publishOn(core).doOnNext(this::completed);
        });
    }

    private Report write(RegionDevice device, Report report) throws IOException {
        int copyBytes = device.board()
                .orElseThrow(() -> new IOException("the region has no board any more"))
                .copyBytes();
        Encoding encoding = BoardCodec.encode(report, copyBytes);
        if (!(encoding instanceof Encoding.Fits fits)) {
            throw new IOException("the report does not fit into its block: " + encoding);
        }
        int copy = nextCopy;
        if (copy < 0) {
            copy = BoardCodec.copyToWrite(device.readBoardBlock(report.node().value()), report.node());
        }
        nextCopy = -1;
        device.writeBoardCopy(report.node().value(), copy, fits.bytes());
        nextCopy = 1 - copy;
        return report;
    }

    private void completed(Report report) {
        onDisk = report;
        submitted = null;
        shown = null;
        onDiskSinceNs = clock.nowNs();
        observer.accept(new Evidence.ReportPublished(onDiskSinceNs, report));
    }

    private boolean isOnDisk(Report report) {
        Report last = onDisk;
        return last != null && last.saysSameAs(report);
    }
}
