// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Report;
import java.util.Optional;

/**
 * How far this node's own report of one region is: first read, then handed to the writer, then on disk.
 *
 * @param recalled whether the own block was read since the agent started; nothing is reported before
 * @param submitted the own report last handed to the writer; it may be on disk
 * @param lastSeq the highest seq of any that was handed to the writer, lost ones too: peers may have read them
 * @param published the own report last known to be on disk
 * @param publishedAtNs when its write had completed
 */
public record OwnReport(
        boolean recalled, Optional<Report> submitted, long lastSeq, Optional<Report> published, long publishedAtNs) {

    static final OwnReport UNREAD = new OwnReport(false, Optional.empty(), 0, Optional.empty(), -1);

    OwnReport read() {
        return new OwnReport(true, submitted, lastSeq, published, publishedAtNs);
    }

    OwnReport submitted(Report report) {
        return new OwnReport(recalled, Optional.of(report), Math.max(lastSeq, report.seq()), published, publishedAtNs);
    }

    OwnReport published(Optional<Report> report, long atNs) {
        return new OwnReport(recalled, newer(submitted, report), lastSeq, report, atNs);
    }

    /** What is on disk was handed over, be it that the writer of it was thought to be gone. */
    private static Optional<Report> newer(Optional<Report> submitted, Optional<Report> published) {
        long seq = submitted.map(Report::seq).orElse(0L);
        return published.filter(report -> report.seq() > seq).isPresent() ? published : submitted;
    }

    /**
     * Another writer begins, which knows nothing of what the one before did not end. That may be on the disk, or get
     * there yet: whatever is wanted now is written after it, be it what was there before.
     */
    OwnReport handedBack() {
        Optional<Report> settled = submitted.equals(published) ? published : Optional.empty();
        return new OwnReport(recalled, settled, lastSeq, published, publishedAtNs);
    }

    /** It is not on disk any more: it must be written again, and nothing may rely on it. */
    OwnReport lost() {
        return new OwnReport(recalled, Optional.empty(), lastSeq, Optional.empty(), -1);
    }
}
