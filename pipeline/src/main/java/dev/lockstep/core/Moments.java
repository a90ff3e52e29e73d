// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Report;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotState;
import java.util.Optional;

/**
 * A reading that says what the last one said still moves moments: when a slot was seen to beat, when a block was read.
 * Here stands which of those a plan compares, so that a reading that passes none of them needs no plan.
 */
final class Moments {

    private Moments() {}

    /** Whether the own heartbeat stands, stood until now, or was not seen yet: then every scan may change a plan. */
    static boolean ownBeatIsIrregular(State state, SlotState before, SlotState after) {
        boolean stood =
                state.nowNs() - before.lastChangeNs() >= 2 * state.facts().periodNs();
        return stood || after.live().isEmpty();
    }

    /** Whether a scan tells more of a node than that it beats as it did, or is as silent as it was. */
    static boolean passed(State state, RegionState region, NodeNumber node, SlotState before, SlotState after) {
        return beatsAfterReport(state, node, before, after) || silentSinceReading(state, region, node, before, after);
    }

    /** The first beat that is known to be later than a report: that life, or the one before it, is settled by it. */
    private static boolean beatsAfterReport(State state, NodeNumber node, SlotState before, SlotState after) {
        for (RegionState region : state.regions().values()) {
            long since = region.block(node).bootSinceNs();
            if (before.movedAfterNs() < since && since <= after.movedAfterNs()) {
                return true;
            }
        }
        return false;
    }

    /** The first silent scan that is later than the reading of the report whose writer it proves dead. */
    private static boolean silentSinceReading(
            State state, RegionState region, NodeNumber node, SlotState before, SlotState after) {
        BlockState block = region.block(node);
        Optional<Report> report = block.report();
        return after.timedOut()
                && report.isPresent()
                && before.lastScanNs() < block.readAtNs()
                && block.readAtNs() <= after.lastScanNs()
                && !state.provenDead(node, report.get().boot());
    }

    /** Whether a reading is the first of this block that was begun after something that waits for one. */
    static boolean passed(State state, RegionState region, NodeNumber node, BlockState before, BlockState after) {
        RegionState.Heard claim = region.heard().get(node);
        if (claim != null && before.readStartedNs() <= claim.atNs() && claim.atNs() < after.readStartedNs()) {
            return true;
        }
        for (LockspaceState lockspace : state.lockspaces().values()) {
            long since = lockspace.publishedNs();
            if (before.readStartedNs() < since && since <= after.readStartedNs()) {
                return true;
            }
        }
        return false;
    }
}
