// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Report;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotState;
import java.util.Optional;

/**
 * A reading that says what the last one said still moves moments: when a slot was seen to beat, when a block was read.
 * Here stands which of those a plan compares, so that a reading that passes none of them needs no plan. What a plan
 * compares with the time of now is {@link Due}'s.
 */
final class Moments {
    private Moments() {}

    /** Whether the own heartbeat stands, stood until now, or was not seen yet: then every scan may change a plan. */
    static boolean ownBeatIsIrregular(State state, SlotState before, SlotState after) {
        boolean stood =
                state.nowNs() - before.lastChangeNs() >= 2 * state.facts().periodNs();
        return stood || !after.isLive();
    }

    /** Whether a scan tells more of a node than that it beats as it did, or is as silent as it was. */
    static boolean passed(State state, RegionState region, NodeNumber node, SlotState before, SlotState after) {
        return !saysTheSame(before, after)
                || beatsAfterReport(state, node, before, after)
                || beatsAfterWord(region, node, before, after)
                || silentSinceNews(state, region, node, before, after);
    }

    private static boolean saysTheSame(SlotState before, SlotState after) {
        boolean down = after.status() == SlotState.Status.DOWN;
        return before.status() == after.status()
                && before.cause() == after.cause()
                && before.seen() == after.seen()
                && before.deadMs() == after.deadMs()
                && before.generation().equals(after.generation())
                && !(down && before.lastChangeNs() != after.lastChangeNs()); // it moves, so it may be fenced later
    }

    /** The first beat that is known to be later than a report: that life, or the one before it, is settled by it. */
    private static boolean beatsAfterReport(State state, NodeNumber node, SlotState before, SlotState after) {
        if (before.movedAfterNs() == after.movedAfterNs()) {
            return false;
        }
        for (RegionState region : state.regions().values()) {
            long since = region.block(node).bootSinceNs();
            if (before.movedAfterNs() < since && since <= after.movedAfterNs()) {
                return true;
            }
        }
        return false;
    }

    /** The first beat that is known to be later than what was heard of the node, and not read. */
    private static boolean beatsAfterWord(RegionState region, NodeNumber node, SlotState before, SlotState after) {
        RegionState.Heard word = region.heard().get(node);
        return word != null && before.movedAfterNs() < word.atNs() && word.atNs() <= after.movedAfterNs();
    }

    /** The first silent scan that is later than what was read of the writer of the report, whose life it may end. */
    private static boolean silentSinceNews(
            State state, RegionState region, NodeNumber node, SlotState before, SlotState after) {
        if (after.status() != SlotState.Status.DOWN) {
            return false;
        }
        BlockState block = region.block(node);
        Optional<Report> report = block.report();
        boolean news = before.lastScanNs() < block.newsSinceNs() && block.newsSinceNs() <= after.lastScanNs();
        boolean readAgain =
                Deaths.isSilentAsRead(state.facts(), after) && !Deaths.isSilentAsRead(state.facts(), before);
        return news
                || (readAgain
                        && after.timedOut()
                        && report.isPresent()
                        && !state.provenDead(node, report.get().boot()));
    }

    /** Whether a reading is the first that was begun after something that waits for one. */
    static boolean passed(State state, RegionState region, long startedNs) {
        long beforeNs = region.readStartedNs();
        if (isFirstSince(region.publishedAtNs(), beforeNs, startedNs)
                || isFirstSince(region.stalledAtNs() + 1, beforeNs, startedNs)) {
            return true;
        }
        for (RegionState.Heard claim : region.heard().values()) {
            if (isFirstSince(claim.atNs() + 1, beforeNs, startedNs)) {
                return true;
            }
        }
        for (LockspaceState lockspace : state.lockspaces().values()) {
            if (isFirstSince(lockspace.publishedNs(), beforeNs, startedNs)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFirstSince(long momentNs, long beforeNs, long startedNs) {
        return beforeNs < momentNs && momentNs <= startedNs;
    }

    /** Whether a reading tells of other links than the one before. */
    static boolean tellsOfLinks(BlockState before, BlockState after) {
        return !before.report().map(Report::links).equals(after.report().map(Report::links));
    }

    /** Whether a reading tells of other lives, or of other verdicts on lives, than the one before. */
    @SuppressWarnings("ReferenceEquality") // mostly it is the very one that was read before
    static boolean tellsOfLives(BlockState before, BlockState after) {
        if (before.read() != after.read() || before.wiped() != after.wiped()) {
            return true;
        }
        if (before.report().isEmpty() || after.report().isEmpty()) {
            return before.report().isPresent() != after.report().isPresent();
        }
        Report was = before.report().get();
        Report is = after.report().get();
        return was != is
                && !(was.boot().equals(is.boot())
                        && was.generation().equals(is.generation())
                        && was.mustGo() == is.mustGo()
                        && was.evictions().equals(is.evictions()));
    }

    /** Whether a reading brings no news of a node, and is as good as the one before. */
    @SuppressWarnings("ReferenceEquality") // mostly it is the very one that was read before
    static boolean saysTheSame(BlockState before, BlockState after) {
        if (before.read() != after.read()
                || before.current() != after.current()
                || before.wiped() != after.wiped()
                || !before.trouble().equals(after.trouble())) {
            return false;
        }
        Optional<Report> was = before.report();
        Optional<Report> is = after.report();
        return is.isEmpty() ? was.isEmpty() : was.isPresent() && (was.get() == is.get() || was.equals(is));
    }
}
