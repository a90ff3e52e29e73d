// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.board.BoardGeometry;
import dev.lockstep.domain.RegionId;
import java.io.IOException;
import java.util.Optional;

/** A device or file that is a region and nothing else; drawn at {@link RegionHeader}. */
final class RawRegion {
    static final long SLOT_START = 1L << 20;
    static final long BOARD_OFFSET = 2L << 20;
    static final int BLOCK_BYTES = 1 << 16;

    private RawRegion() {}

    /** {@return the layout that formatting gives a device with that logical sector size} */
    static RegionLayout layout(RegionId name, int sectorBytes) {
        return new RegionLayout(
                name,
                RegionKind.RAW,
                sectorBytes,
                SLOT_START,
                RegionLayout.MAX_SLOTS,
                Optional.of(new BoardGeometry(BOARD_OFFSET, BLOCK_BYTES, RegionLayout.MAX_SLOTS)));
    }

    /**
     * Looks for a raw region.
     *
     * @return its layout, empty if there is none
     * @throws UnusableRegion if there is one that cannot be used
     * @throws IOException if the device cannot be read
     */
    static Optional<RegionLayout> find(ByteSource device) throws IOException {
        Optional<RegionHeader> header = RegionHeader.decode(device.read(0, RegionHeader.BYTES));
        if (header.isPresent() && header.get().layout().kind() != RegionKind.RAW) {
            throw new UnusableRegion("region header: not that of a raw region, but stands where one would");
        }
        return header.map(RegionHeader::layout);
    }
}
