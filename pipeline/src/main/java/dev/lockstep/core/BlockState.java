// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Report;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.Optional;

/**
 * What is known of one node's block on one board. A register of a single writer: a bad copy, a foreign one or one older
 * than what was read before is no news.
 *
 * @param read whether the block was read well once since the agent started
 * @param report the last good report, empty for a vacant block
 * @param readStartedNs when the last good read was begun; -1 before the first
 * @param readAtNs when the last good read had completed
 * @param badReads how many reads were no news
 * @param trouble what was wrong with the last read, empty if nothing
 */
public record BlockState(
        boolean read, Optional<Report> report, long readStartedNs, long readAtNs, int badReads, String trouble) {

    static final BlockState UNREAD = new BlockState(false, Optional.empty(), -1, -1, 0, "");

    BlockState next(RegionId region, NodeNumber node, BlockReading reading, long startedNs, long atNs) {
        if (reading instanceof BlockReading.Good good) {
            Report news = good.report();
            if (!news.region().equals(region) || !news.node().equals(node)) {
                return noNews("holds the report of node " + news.node() + " in region " + news.region());
            }
            if (report.isPresent() && news.seq() < report.get().seq()) {
                return noNews("went back from seq " + report.get().seq() + " to " + news.seq());
            }
            return new BlockState(true, Optional.of(news), startedNs, atNs, badReads, "");
        }
        if (reading instanceof BlockReading.Vacant) {
            return report.isPresent()
                    ? noNews("was wiped")
                    : new BlockState(true, Optional.empty(), startedNs, atNs, badReads, "");
        }
        return noNews(((BlockReading.Bad) reading).why());
    }

    private BlockState noNews(String why) {
        return new BlockState(read, report, readStartedNs, readAtNs, badReads + 1, why);
    }
}
