// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.board.BoardGeometry;
import java.io.IOException;
import java.util.Optional;

/**
 * The region in an OCFS2 volume's heartbeat file, and the board in its spare area; drawn at {@link RegionHeader}.
 * Slots have the disk's sector size, the file has room for 256 file-system blocks, so with 512-byte sectors and 4 KiB
 * blocks seven eighths of it are never used by anybody.
 */
final class Ocfs2Region {
    static final long SPARE_AT = 128 << 10;
    private static final int BLOCK_BYTES = 4096;

    private Ocfs2Region() {}

    /** {@return the volume's region, without a board} */
    static RegionLayout slots(Ocfs2Volume volume, int sectorBytes) throws UnusableRegion {
        if (sectorBytes > volume.blockBytes()) {
            throw new UnusableRegion("OCFS2 volume " + volume.uuid() + ": blocks of " + volume.blockBytes()
                    + " bytes on sectors of " + sectorBytes);
        }
        return new RegionLayout(
                volume.uuid(),
                RegionKind.OCFS2,
                sectorBytes,
                volume.heartbeatOffset(),
                RegionLayout.MAX_SLOTS,
                Optional.empty());
    }

    /**
     * {@return the volume's region with the board that has room in it}
     *
     * @throws UnusableRegion if there is no room, with the reason
     */
    static RegionLayout withBoard(Ocfs2Volume volume, int sectorBytes) throws UnusableRegion {
        RegionLayout slots = slots(volume, sectorBytes);
        if (volume.heartbeatDevice() || volume.blockBytes() != 4096 || sectorBytes != 512) {
            throw new UnusableRegion("OCFS2 volume " + volume.uuid() + ": no room for a board ("
                    + (volume.heartbeatDevice() ? "a heartbeat-only device, " : "") + "blocks of "
                    + volume.blockBytes() + " bytes, sectors of " + sectorBytes
                    + "; it takes blocks of 4096 and sectors of 512). Guard its lockspace by a raw region instead");
        }
        long blocks = (volume.heartbeatBytes() - SPARE_AT - RegionHeader.BYTES) / BLOCK_BYTES;
        return new RegionLayout(
                slots.name(),
                slots.kind(),
                sectorBytes,
                slots.slotStart(),
                slots.slots(),
                Optional.of(new BoardGeometry(headerAt(volume) + RegionHeader.BYTES, BLOCK_BYTES, (int)
                        Math.min(blocks, RegionLayout.MAX_SLOTS))));
    }

    /** {@return the byte on the device where the board's header stands, if there is one} */
    static long headerAt(Ocfs2Volume volume) {
        return volume.heartbeatOffset() + SPARE_AT;
    }

    /**
     * Looks for a board in the volume.
     *
     * @return the region, with its board if it has one
     * @throws UnusableRegion if there is a board that is not this volume's own
     * @throws IOException if the device cannot be read
     */
    static RegionLayout find(ByteSource device, Ocfs2Volume volume, int sectorBytes) throws IOException {
        if (volume.heartbeatBytes() < SPARE_AT + RegionHeader.BYTES) {
            return slots(volume, sectorBytes);
        }
        Optional<RegionHeader> header = RegionHeader.decode(device.read(headerAt(volume), RegionHeader.BYTES));
        if (header.isEmpty()) {
            return slots(volume, sectorBytes);
        }
        RegionLayout expected = withBoard(volume, sectorBytes);
        if (!header.get().layout().equals(expected)) {
            throw new UnusableRegion("OCFS2 volume " + volume.uuid() + ": its board says "
                    + header.get().layout() + ", but belongs to " + expected);
        }
        return expected;
    }
}
