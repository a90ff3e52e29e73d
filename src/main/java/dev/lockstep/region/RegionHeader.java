// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.board.BoardGeometry;
import dev.lockstep.domain.RegionId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The 4096 bytes by which a device says that it carries a Lockstep region or board. All numbers are little-endian.
 *
 * <pre>
 *   0 +---------------------------------------+
 *     | magic "LockRgn\n"                     |
 *   8 +-------------------+---------+---------+
 *     | CRC32C            | version | minimum |  over all 4096 bytes, its own taken as 0; of the format;
 *  16 +-------------------+---------+---------+  what a reader must at least know
 *     | region name, 32 upper-case hex digits |
 *  48 +----+--------------+-------------------+
 *     |kind| 0            | sector bytes      |  1 raw, 2 board in an OCFS2 heartbeat file
 *  56 +----+--------------+-------------------+
 *     | slots             | 0                 |
 *  64 +-------------------+-------------------+
 *     | byte of slot 0                        |  from the device's start, as the next
 *  72 +---------------------------------------+
 *     | byte of board block 0                 |
 *  80 +-------------------+-------------------+
 *     | board block bytes | board blocks      |
 *  88 +-------------------+-------------------+
 *     | 0, to byte 4096                       |
 *
 * a raw region                                        an OCFS2 heartbeat file (4 KiB blocks, 512-byte sectors)
 *  0        header                                     0        255 slots of 512 bytes
 *  1 MiB    255 slots of one sector each               128 KiB  header
 *  2 MiB    255 board blocks of 64 KiB each            132 KiB  223 board blocks of 4 KiB each, to 1 MiB
 * </pre>
 *
 * @param layout where everything lies
 */
record RegionHeader(RegionLayout layout) {
    static final int BYTES = 4096;

    private static final byte[] MAGIC = "LockRgn\n".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    private static final int CRC_AT = 8;
    private static final int VERSION_AT = 12;
    private static final int MINIMUM_AT = 14;
    private static final int NAME_AT = 16;
    private static final int NAME_BYTES = 32;
    private static final int KIND_AT = 48;
    private static final int SECTOR_AT = 52;
    private static final int SLOTS_AT = 56;
    private static final int SLOT_START_AT = 64;
    private static final int BOARD_AT = 72;
    private static final int BLOCK_BYTES_AT = 80;
    private static final int BLOCKS_AT = 84;

    /** {@return the header in bytes; the layout has a board and a name of 32 characters} */
    ByteBuffer encode() {
        BoardGeometry board = layout.board().orElseThrow();
        byte[] name = layout.name().name().getBytes(StandardCharsets.US_ASCII);
        if (name.length != NAME_BYTES) {
            throw new IllegalArgumentException("region name " + layout.name() + " has not 32 characters");
        }
        ByteBuffer header = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.put(0, MAGIC);
        header.putShort(VERSION_AT, (short) VERSION).putShort(MINIMUM_AT, (short) VERSION);
        header.put(NAME_AT, name).put(KIND_AT, (byte) layout.kind().code());
        header.putInt(SECTOR_AT, layout.slotBytes()).putInt(SLOTS_AT, layout.slots());
        header.putLong(SLOT_START_AT, layout.slotStart()).putLong(BOARD_AT, board.offset());
        header.putInt(BLOCK_BYTES_AT, board.blockBytes()).putInt(BLOCKS_AT, board.blocks());
        return header.putInt(CRC_AT, checksum(header));
    }

    /** {@return whether those bytes claim to be a header, valid or not} */
    static boolean isClaimedBy(ByteBuffer bytes) {
        byte[] magic = new byte[MAGIC.length];
        bytes.get(0, magic);
        return Arrays.equals(magic, MAGIC);
    }

    /**
     * Reads a header.
     *
     * @param bytes 4096 bytes
     * @return the header, empty if the bytes are none
     * @throws UnusableRegion if they claim to be one and are damaged, or of a later version
     */
    static Optional<RegionHeader> decode(ByteBuffer bytes) throws UnusableRegion {
        if (!isClaimedBy(bytes)) {
            return Optional.empty();
        }
        ByteBuffer header = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(CRC_AT) != checksum(header)) {
            throw new UnusableRegion("region header: checksum does not match");
        }
        int minimum = header.getShort(MINIMUM_AT) & 0xFFFF;
        if (minimum > VERSION) {
            throw new UnusableRegion(
                    "region header: needs a reader of format " + minimum + ", this one knows " + VERSION);
        }
        byte[] name = new byte[NAME_BYTES];
        header.get(NAME_AT, name);
        try {
            return Optional.of(new RegionHeader(new RegionLayout(
                    new RegionId(new String(name, StandardCharsets.ISO_8859_1)),
                    kind(header.get(KIND_AT)),
                    header.getInt(SECTOR_AT),
                    header.getLong(SLOT_START_AT),
                    header.getInt(SLOTS_AT),
                    Optional.of(new BoardGeometry(
                            header.getLong(BOARD_AT), header.getInt(BLOCK_BYTES_AT), header.getInt(BLOCKS_AT))))));
        } catch (IllegalArgumentException e) {
            throw new UnusableRegion("region header: " + e.getMessage());
        }
    }

    private static RegionKind kind(int code) throws UnusableRegion {
        return switch (code) {
            case 1 -> RegionKind.RAW;
            case 2 -> RegionKind.OCFS2;
            default -> throw new UnusableRegion("region header: unknown kind " + code);
        };
    }

    private static int checksum(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, CRC_AT));
        crc.update(new byte[Integer.BYTES]);
        crc.update(header.slice(VERSION_AT, BYTES - VERSION_AT));
        return (int) crc.getValue();
    }
}
