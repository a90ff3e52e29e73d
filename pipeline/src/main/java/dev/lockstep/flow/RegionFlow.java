// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.board.BoardGeometry;
import dev.lockstep.board.Report;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.port.RegionDevice;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One region while it is there: its file becomes evidence, and takes the own report. Reads have one thread and writes
 * another, each with its own opening of the device. Called on the core's thread.
 */
final class RegionFlow {
    private static final String NO_ROOM = "no room in it for nodes ";

    private final RegionChange.Attached attached;
    private final FlowContext context;
    private final Scheduler reads;
    private final Scheduler writes;
    private final RegionIo readIo;
    private final RegionIo writeIo;
    private final Pace boardPace;
    private final BoardWriter writer;
    private final Mono<Void> writesBefore;

    /**
     * @param writesBefore ends, on the core's thread, when nothing that an earlier flow of this region wrote is on its
     *     way any more: landing late, it could replace a newer report by an older one
     */
    RegionFlow(
            RegionChange.Attached attached,
            FlowContext context,
            Mono<Void> writesBefore,
            LongSupplier recalledSeq,
            Consumer<Evidence> observer) {
        this.writesBefore = writesBefore;
        this.attached = attached;
        this.context = context;
        Scheduler core = context.core();
        RegionId region = attached.region();
        reads = context.schedulers().reads(region);
        writes = context.schedulers().writes(region);
        Duration pace = attached.period().dividedBy(2);
        readIo = new RegionIo(region, new RegionHandle(attached.opener()), reads, context, pace);
        writeIo = new RegionIo(region, new RegionHandle(attached.opener()), writes, context, pace);
        boardPace = new Pace(attached.period(), context.settings().openPoll(), core);
        writer = new BoardWriter(writeIo, core, context.clock(), recalledSeq, observer);
    }

    /**
     * {@return RegionFound when the device is open, then its slots and its board}
     *
     * <p>One subscriber. Emits on the core's and the read thread. Loses only readings that a newer one replaces.
     * Failures are retried and never end it.
     *
     * @param published takes each own report once it is on disk, on the core's thread
     */
    Flux<Evidence> evidence(Consumer<Report> published) {
        // Whoever subscribes to the writer begins to write, if a report was given while the device was being opened.
        return readIo.untilDone("opening", this::found)
                .publishOn(context.core())
                .flatMapMany(found -> {
                    Flux<Evidence> follows = Flux.just(found);
                    if (found.trouble().startsWith(NO_ROOM)) {
                        return follows;
                    }
                    return found.hasBoard()
                            ? Flux.merge(follows, slots(), board(), reports(published))
                            : follows.mergeWith(slots());
                });
    }

    private Flux<Evidence> slots() {
        return new RegionScan(attached.region(), attached.period(), readIo, context).evidence();
    }

    private Flux<Evidence> board() {
        return new BoardReader(attached.region(), context.nodes(), readIo, boardPace, context.clock())
                .readings()
                .publishOn(context.core(), 1)
                .doOnNext(writer::seen)
                .transformDeferred(new BoardDebounce(
                        context.settings().quiet(), context.settings().quietAtMost(), context.core()))
                .cast(Evidence.class);
    }

    private Flux<Evidence> reports(Consumer<Report> published) {
        return writesBefore
                .thenMany(writer.published())
                .doOnNext(report -> {
                    boardPace.now();
                    published.accept(report);
                })
                .thenMany(Flux.empty());
    }

    /**
     * Takes what the plan wants on the board.
     *
     * @param report to be written; empty if what was submitted last says it already, or nothing may be written
     */
    void report(Optional<Report> report, boolean changeOpen) {
        boardPace.changeOpen(changeOpen);
        report.ifPresentOrElse(writer::give, writer::takeBack);
    }

    /** A peer says that its block has news. */
    void readAgain() {
        boardPace.now();
    }

    /**
     * Gives the threads back; what they run ends by itself.
     *
     * @return ends, on the core's thread, when no write is on its way any more
     */
    Mono<Void> close() {
        readIo.close();
        Mono<Void> writesEnd = writeIo.close();
        context.schedulers().release(reads);
        context.schedulers().release(writes);
        return writesEnd.publishOn(context.core());
    }

    private Evidence.RegionFound found(RegionDevice device) {
        int copyBytes = device.board().map(BoardGeometry::copyBytes).orElse(0);
        return new Evidence.RegionFound(
                context.clock().nowNs(), attached.region(), attached.named(), copyBytes, trouble(device));
    }

    private String trouble(RegionDevice device) {
        int room = Math.min(device.slots(), device.board().map(b -> b.blocks()).orElse(Integer.MAX_VALUE));
        SortedSet<NodeNumber> homeless = new TreeSet<>(context.nodes());
        homeless.removeIf(node -> node.value() < room);
        return homeless.isEmpty() ? attached.trouble() : NO_ROOM + homeless;
    }
}
