// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one node's block on one board. A register of a single writer: a bad copy, a foreign one or one older
 * than what was read before is no news.
 *
 * @param read whether the block was read well once since the agent started
 * @param report the last good report, empty for a vacant block
 * @param current whether the board's last reading had this block, and well; then the times of that reading hold, see
 *     {@link RegionState#readStartedNs}
 * @param readStartedNs when the last good read was begun, or an earlier one while it is current; -1 before the first
 * @param readAtNs when that read had completed
 * @param newsSinceNs when the first read that showed the present seq had completed; -1 before any
 * @param silence for how long lockspaces have waited for a report beyond that
 * @param life the boot that reports there
 * @param wiped whether the block was seen vacant after a report: its next report may begin to count anew
 * @param badReads how many reads were no news
 * @param trouble what was wrong with the last read, empty if nothing
 */
public record BlockState(
        boolean read,
        Optional<Report> report,
        boolean current,
        long readStartedNs,
        long readAtNs,
        long newsSinceNs,
        Silence silence,
        Life life,
        boolean wiped,
        int badReads,
        String trouble) {

    /**
     * For how long a report has stayed as it is.
     *
     * @param beats heartbeats of the node seen since lockspaces began to wait for its report
     * @param sinceNs when the first of them was seen
     */
    public record Silence(int beats, long sinceNs) {
        static final Silence NONE = new Silence(0, 0);
    }

    /**
     * The boot that reports.
     *
     * @param sinceNs when the first read of a report of the present boot had completed; it lived before that
     * @param replaced the boot whose report the present boot's took the place of: it runs no more
     */
    public record Life(long sinceNs, Optional<BootId> replaced) {
        static final Life UNKNOWN = new Life(-1, Optional.empty());
    }

    static final BlockState UNREAD =
            new BlockState(false, Optional.empty(), false, -1, -1, -1, Silence.NONE, Life.UNKNOWN, false, 0, "");

    /** {@return heartbeats of the node seen since lockspaces began to wait for its report, and it stayed as it is} */
    public int silentBeats() {
        return silence.beats();
    }

    /** {@return when the first of them was seen} */
    public long silentSinceNs() {
        return silence.sinceNs();
    }

    /** {@return when the first read of a report of the present boot had completed; it lived before that} */
    public long bootSinceNs() {
        return life.sinceNs();
    }

    /** {@return the boot whose report the present boot's took the place of: it runs no more} */
    public Optional<BootId> replaced() {
        return life.replaced();
    }

    BlockState next(RegionId region, NodeNumber node, BlockReading reading, long startedNs, long atNs) {
        if (reading instanceof BlockReading.Good good) {
            Report news = good.report();
            if (!news.region().equals(region) || !news.node().equals(node)) {
                return noNews("holds the report of node " + news.node() + " in region " + news.region());
            }
            if (report.isPresent() && news.seq() < report.get().seq() && !beginsAnew(news)) {
                return noNews("went back from seq " + report.get().seq() + " to " + news.seq());
            }
            return with(news, startedNs, atNs);
        }
        if (reading instanceof BlockReading.Vacant) {
            return report.isPresent() ? vacated() : vacant(startedNs, atNs);
        }
        return noNews(((BlockReading.Bad) reading).why());
    }

    /** {@return whether {@code reading} says of a current block what is known of it already} */
    @SuppressWarnings("ReferenceEquality") // what was read before is the very object that was read before
    boolean isRepeatedBy(@Nullable BlockReading reading) {
        if (!current || !trouble.isEmpty() || wiped) {
            return false;
        }
        return reading instanceof BlockReading.Good good
                ? report.isPresent() && report.get() == good.report()
                : reading instanceof BlockReading.Vacant && report.isEmpty();
    }

    /** {@return the same with the times of the reading that it is current with} */
    BlockState asOf(long startedNs, long atNs) {
        return current && startedNs != readStartedNs
                ? new BlockState(
                        read, report, true, startedNs, atNs, newsSinceNs, silence, life, wiped, badReads, trouble)
                : this;
    }

    /** A wiped block's next writer knows nothing of the seq it had, unless it is the same life. */
    private boolean beginsAnew(Report news) {
        return wiped && report.filter(r -> r.boot().equals(news.boot())).isEmpty();
    }

    private BlockState with(Report news, long startedNs, long atNs) {
        boolean sameBoot = report.filter(r -> r.boot().equals(news.boot())).isPresent();
        boolean sameSeq = sameBoot && report.filter(r -> r.seq() == news.seq()).isPresent();
        return new BlockState(
                true,
                Optional.of(news),
                true,
                startedNs,
                atNs,
                sameSeq ? newsSinceNs : atNs,
                sameSeq ? silence : Silence.NONE,
                sameBoot ? life : new Life(atNs, report.map(Report::boot)),
                false,
                badReads,
                "");
    }

    /** Nothing was ever reported there. */
    private BlockState vacant(long startedNs, long atNs) {
        return new BlockState(true, report, true, startedNs, atNs, newsSinceNs, silence, life, wiped, badReads, "");
    }

    private BlockState vacated() {
        return stale(true, badReads + 1, "was wiped");
    }

    private BlockState noNews(String why) {
        return stale(wiped, badReads + 1, why);
    }

    /** The reading had no place for it. */
    BlockState unseen() {
        return stale(wiped, badReads, trouble);
    }

    private BlockState stale(boolean nowWiped, int nowBad, String why) {
        return new BlockState(
                read, report, false, readStartedNs, readAtNs, newsSinceNs, silence, life, nowWiped, nowBad, why);
    }

    /** The node beat once more, and nothing new was read of it. */
    BlockState silentFor(long nowNs) {
        return with(new Silence(silentBeats() + 1, silentBeats() == 0 ? nowNs : silentSinceNs()));
    }

    /** Nobody waits for its report. */
    BlockState answering() {
        return with(Silence.NONE);
    }

    private BlockState with(Silence now) {
        return new BlockState(
                read, report, current, readStartedNs, readAtNs, newsSinceNs, now, life, wiped, badReads, trouble);
    }
}
