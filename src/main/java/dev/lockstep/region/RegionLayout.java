// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.board.BoardGeometry;
import dev.lockstep.domain.RegionId;
import java.util.Optional;

/**
 * Where a region lies on its device.
 *
 * @param name the region
 * @param kind what it lies in
 * @param slotBytes bytes of a slot: the device's logical sector size
 * @param slotStart byte on the device where slot 0 begins, a multiple of {@code slotBytes} and not 0
 * @param slots number of slots, 1 to 255
 * @param board where its board lies, outside the slots; empty if there is none
 */
public record RegionLayout(
        RegionId name, RegionKind kind, int slotBytes, long slotStart, int slots, Optional<BoardGeometry> board) {

    /** Slots that every tool makes (O2NM_MAX_NODES in Linux fs/ocfs2/cluster/ocfs2_nodemanager.h). */
    public static final int MAX_SLOTS = 255;

    public RegionLayout {
        if (slotBytes < 512 || slotBytes > 4096 || Integer.bitCount(slotBytes) != 1) {
            throw new IllegalArgumentException("region " + name + " with slots of " + slotBytes + " bytes");
        }
        if (slotStart <= 0 || slotStart % slotBytes != 0 || slotStart > Long.MAX_VALUE / 2) {
            throw new IllegalArgumentException("region " + name + " with slots from byte " + slotStart);
        }
        if (slots < 1 || slots > MAX_SLOTS) {
            throw new IllegalArgumentException("region " + name + " with " + slots + " slots");
        }
        if (board.isPresent()) {
            BoardGeometry b = board.get();
            long slotEnd = slotStart + (long) slots * slotBytes;
            boolean apart = boardEnd(b) <= slotStart || b.offset() >= slotEnd;
            if (!apart || b.copyBytes() % slotBytes != 0) {
                throw new IllegalArgumentException("region " + name + ": " + b + " overlaps slots from " + slotStart
                        + " to " + slotEnd + ", or its copies are no whole sectors");
            }
        }
    }

    /**
     * {@return a region given by numbers, as configfs shows it}
     *
     * @param startBlock slot 0's block on the device
     */
    public static RegionLayout explicit(RegionId name, int blockBytes, long startBlock, int blocks) {
        return new RegionLayout(
                name,
                RegionKind.EXPLICIT,
                blockBytes,
                Math.multiplyExact(startBlock, (long) blockBytes),
                blocks,
                Optional.empty());
    }

    /** {@return configfs' start_block: slot 0's block on the device} */
    public long startBlock() {
        return slotStart / slotBytes;
    }

    /** {@return the first byte behind everything} */
    public long end() {
        long slotEnd = slotStart + (long) slots * slotBytes;
        return board.map(b -> Math.max(slotEnd, boardEnd(b))).orElse(slotEnd);
    }

    private static long boardEnd(BoardGeometry board) {
        return board.offset() + (long) board.blockBytes() * board.blocks();
    }
}
