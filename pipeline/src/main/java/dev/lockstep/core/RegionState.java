// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.sorted.SortedArrayMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What is known of one region.
 *
 * @param id the region
 * @param present whether it is there now
 * @param copyBytes how much a report on its board may take; 0 without a board
 * @param trouble why it cannot be used, or what last failed; empty if nothing
 * @param slots per configured node, what its slot says
 * @param countedSeq the own slot's seq at the last counted scan (rule b)
 * @param stalledAtNs start of the last scan that found the own slot standing still, or come to move again: what was
 *     read before it may be older than a death that this node was taken for; -1 before any
 * @param blocks per configured node, what its block says
 * @param readStartedNs when the last reading of the board was begun; -1 before the first
 * @param readAtNs when it had completed
 * @param recalled whether the own block was read since the agent started; nothing is reported before
 * @param submitted the own report last handed to the writer; it may be on disk
 * @param lastSeq the highest seq of any that was handed to the writer, lost ones too: peers may have read them
 * @param published the own report last known to be on disk
 * @param publishedAtNs when its write had completed
 * @param heard peers that talk about this region, by wake-up
 * @param duplicate another boot writes the own block
 * @param failures how many reads and writes of the device failed
 */
public record RegionState(
        RegionId id,
        boolean present,
        int copyBytes,
        String trouble,
        SortedMap<NodeNumber, SlotState> slots,
        long countedSeq,
        long stalledAtNs,
        SortedMap<NodeNumber, BlockState> blocks,
        long readStartedNs,
        long readAtNs,
        boolean recalled,
        Optional<Report> submitted,
        long lastSeq,
        Optional<Report> published,
        long publishedAtNs,
        SortedMap<NodeNumber, Heard> heard,
        boolean duplicate,
        int failures) {

    /**
     * A peer's wake-up that the board does not bear out yet.
     *
     * @param boot the sender's boot id
     * @param atNs when it came
     */
    public record Heard(BootId boot, long atNs) {}

    public RegionState {
        slots = SortedArrayMap.copyOf(slots);
        blocks = SortedArrayMap.copyOf(blocks);
        heard = SortedArrayMap.copyOf(heard);
    }

    static RegionState found(RegionId id, int copyBytes, String trouble) {
        return new RegionState(
                id,
                true,
                copyBytes,
                trouble,
                SortedArrayMap.empty(),
                0,
                -1,
                SortedArrayMap.empty(),
                -1,
                -1,
                false,
                Optional.empty(),
                0,
                Optional.empty(),
                -1,
                SortedArrayMap.empty(),
                false,
                0);
    }

    /** A region that was looked for and not found, and has no past here. */
    static RegionState missing(RegionId id, String why) {
        return found(id, 0, why).withPresence(false, 0, why);
    }

    /** What is planned when this region is. */
    Scope scope() {
        return new Scope.OfRegion(id);
    }

    /** {@return whether it has a board} */
    public boolean hasBoard() {
        return copyBytes > 0;
    }

    /** How much a report may take, as measured before where it is being opened again and not measured yet. */
    int room(int foundCopyBytes) {
        return foundCopyBytes == Integer.MAX_VALUE && hasBoard() ? copyBytes : foundCopyBytes;
    }

    /** Whether nothing can come of waiting for it. */
    boolean isNowhere() {
        return !present && !hasBoard();
    }

    SlotState slot(NodeNumber node) {
        return slots.getOrDefault(node, SlotState.UNSEEN);
    }

    BlockState block(NodeNumber node) {
        return blocks.getOrDefault(node, BlockState.UNREAD);
    }

    /** {@return when the last good read of the node's block was begun; -1 before the first} */
    public long readStartedNs(NodeNumber node) {
        return readStartedNs(block(node));
    }

    long readStartedNs(BlockState block) {
        return block.current() ? readStartedNs : block.readStartedNs();
    }

    /** {@return when the last good read of the node's block had completed; -1 before the first} */
    public long readAtNs(NodeNumber node) {
        BlockState block = block(node);
        return block.current() ? readAtNs : block.readAtNs();
    }

    /**
     * Whether it is known what the node reported, if it ever did. A vacant block tells that it never did only of a node
     * that does not beat: whoever beats is about to report, or did and was wiped, and writes it again when it looks.
     */
    boolean isKnown(NodeNumber node) {
        BlockState block = block(node);
        SlotState slot = slot(node);
        boolean down = slot.status() == SlotState.Status.DOWN && slot.cause() != SlotState.Cause.RESTARTED;
        return block.read() && (block.report().isPresent() || down);
    }

    Optional<Report> report(NodeNumber node) {
        return block(node).report();
    }

    /** The node's report if it was made under the generation that lives here now. */
    Optional<Report> liveReport(NodeNumber node) {
        SlotState slot = slot(node);
        Optional<Report> report = report(node);
        return slot.isLive() && report.isPresent() && report.get().generation().equals(slot.generation())
                ? report
                : Optional.empty();
    }

    Optional<LockspaceEntry> entry(NodeNumber node, LockspaceName lockspace) {
        return report(node).flatMap(r -> r.lockspace(lockspace));
    }

    /** Rule 2: the highest epoch in any block for the lockspace, and the highest floor in any block. */
    Epoch highestEpoch(LockspaceName lockspace) {
        Epoch highest = Epoch.NONE;
        for (BlockState block : blocks.values()) {
            if (block.report().isPresent()) {
                Report report = block.report().get();
                highest = Epoch.max(highest, report.floor());
                highest = Epoch.max(
                        highest,
                        report.lockspace(lockspace).map(LockspaceEntry::epoch).orElse(Epoch.NONE));
            }
        }
        return highest;
    }

    /** {@return the highest epoch of any lockspace that any block's writer has dropped} */
    Epoch highestFloor() {
        Epoch highest = Epoch.NONE;
        for (BlockState block : blocks.values()) {
            highest = Epoch.max(highest, block.report().map(Report::floor).orElse(Epoch.NONE));
        }
        return highest;
    }

    /**
     * Whether the lockspace may have been started under that epoch by nodes that are not in the view, and is therefore
     * never started under it with this view. What their floors cover may; and so may whoever shows it, or a later one,
     * unless it shows this very epoch with a view that this node is in: it has no other view for it (rule 5), and
     * cannot have started that one, since this node never stopped for this epoch.
     */
    boolean mayBeUsedOutside(View view, NodeNumber self, LockspaceName lockspace, Epoch epoch) {
        for (Map.Entry<NodeNumber, BlockState> block : blocks.entrySet()) {
            if (block.getValue().report().isEmpty() || view.has(block.getKey())) {
                continue;
            }
            Report report = block.getValue().report().get();
            if (!epoch.isAfter(report.floor())) {
                return true;
            }
            Optional<LockspaceEntry> entry = report.lockspace(lockspace);
            if (entry.isPresent() && !epoch.isAfter(entry.get().epoch())) {
                boolean waitsForThisNode = entry.get().epoch().equals(epoch)
                        && entry.get().phase() != Phase.LEAVING
                        && entry.get().nodes().contains(self);
                if (!waitsForThisNode) {
                    return true;
                }
            }
        }
        return false;
    }

    RegionState withPresence(boolean nowPresent, int nowCopyBytes, String nowTrouble) {
        return new RegionState(
                id,
                nowPresent,
                nowCopyBytes,
                nowTrouble,
                slots,
                countedSeq,
                stalledAtNs,
                blocks,
                readStartedNs,
                readAtNs,
                recalled,
                submitted,
                lastSeq,
                published,
                publishedAtNs,
                heard,
                duplicate,
                failures);
    }

    /** A call on the device failed. */
    RegionState failing(String what) {
        return new RegionState(
                id,
                present,
                copyBytes,
                what,
                slots,
                countedSeq,
                stalledAtNs,
                blocks,
                readStartedNs,
                readAtNs,
                recalled,
                submitted,
                lastSeq,
                published,
                publishedAtNs,
                heard,
                duplicate,
                failures + 1);
    }

    RegionState withSlots(SortedMap<NodeNumber, SlotState> newSlots, long newCountedSeq, long newStalledAtNs) {
        return new RegionState(
                id,
                present,
                copyBytes,
                "",
                newSlots,
                newCountedSeq,
                newStalledAtNs,
                blocks,
                readStartedNs,
                readAtNs,
                recalled,
                submitted,
                lastSeq,
                published,
                publishedAtNs,
                heard,
                duplicate,
                failures);
    }

    RegionState withBlocks(SortedMap<NodeNumber, BlockState> newBlocks) {
        return withReading(newBlocks, heard, readStartedNs, readAtNs);
    }

    /** The board was read; all current blocks are so since then. */
    RegionState withReading(
            SortedMap<NodeNumber, BlockState> newBlocks,
            SortedMap<NodeNumber, Heard> newHeard,
            long startedNs,
            long atNs) {
        return new RegionState(
                id,
                present,
                copyBytes,
                trouble,
                slots,
                countedSeq,
                stalledAtNs,
                newBlocks,
                startedNs,
                atNs,
                recalled,
                submitted,
                lastSeq,
                published,
                publishedAtNs,
                newHeard,
                duplicate,
                failures);
    }

    RegionState withRecalled() {
        return new RegionState(
                id,
                present,
                copyBytes,
                trouble,
                slots,
                countedSeq,
                stalledAtNs,
                blocks,
                readStartedNs,
                readAtNs,
                true,
                submitted,
                lastSeq,
                published,
                publishedAtNs,
                heard,
                duplicate,
                failures);
    }

    RegionState withSubmitted(Report report) {
        return new RegionState(
                id,
                present,
                copyBytes,
                trouble,
                slots,
                countedSeq,
                stalledAtNs,
                blocks,
                readStartedNs,
                readAtNs,
                recalled,
                Optional.of(report),
                Math.max(lastSeq, report.seq()),
                published,
                publishedAtNs,
                heard,
                duplicate,
                failures);
    }

    RegionState withPublished(Optional<Report> report, long atNs) {
        return new RegionState(
                id,
                present,
                copyBytes,
                trouble,
                slots,
                countedSeq,
                stalledAtNs,
                blocks,
                readStartedNs,
                readAtNs,
                recalled,
                submitted,
                lastSeq,
                report,
                atNs,
                heard,
                duplicate,
                failures);
    }

    /** The own report is not on disk any more: it must be written again, and nothing may rely on it. */
    RegionState withLostReport() {
        return new RegionState(
                id,
                present,
                copyBytes,
                trouble,
                slots,
                countedSeq,
                stalledAtNs,
                blocks,
                readStartedNs,
                readAtNs,
                recalled,
                Optional.empty(),
                lastSeq,
                Optional.empty(),
                -1,
                heard,
                duplicate,
                failures);
    }

    RegionState withHeard(SortedMap<NodeNumber, Heard> newHeard) {
        return new RegionState(
                id,
                present,
                copyBytes,
                trouble,
                slots,
                countedSeq,
                stalledAtNs,
                blocks,
                readStartedNs,
                readAtNs,
                recalled,
                submitted,
                lastSeq,
                published,
                publishedAtNs,
                newHeard,
                duplicate,
                failures);
    }

    RegionState withDuplicate() {
        return new RegionState(
                id,
                present,
                copyBytes,
                trouble,
                slots,
                countedSeq,
                stalledAtNs,
                blocks,
                readStartedNs,
                readAtNs,
                recalled,
                submitted,
                lastSeq,
                published,
                publishedAtNs,
                heard,
                true,
                failures);
    }
}
