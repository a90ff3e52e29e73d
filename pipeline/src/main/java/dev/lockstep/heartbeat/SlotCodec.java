// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.heartbeat;

import dev.lockstep.domain.Generation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * Heartbeat slots as bytes: struct o2hb_disk_heartbeat_block (Linux fs/ocfs2/cluster/ocfs2_heartbeat.h and
 * heartbeat.c). All numbers are little-endian.
 *
 * <pre>
 *  0        4        8  9      12       16               24       28             slotBytes
 * +-----------------+--+-------+--------+----------------+--------+------ ~ ------+
 * |     hb_seq      |nd|   0   |hb_cksum| hb_generation  | dead_ms|       0       |
 * +-----------------+--+-------+--------+----------------+--------+------ ~ ------+
 * </pre>
 *
 * <p>hb_cksum is the reflected CRC-32 (polynomial 0xEDB88320) with initial value 0 and without a final XOR over the
 * whole block, with hb_cksum taken as 0. So a block of zeros is valid. What stands after byte 28 is covered but not
 * read.
 *
 * <p>One codec belongs to one thread. {@link #isValid} and the readers of single fields allocate nothing; {@link
 * #decode} allocates its result, none for a slot of zeros.
 */
public final class SlotCodec {
    /** The smallest slot: no disk has smaller sectors. */
    public static final int MIN_BYTES = 512;

    /** The largest slot the kernel takes. */
    public static final int MAX_BYTES = 4096;

    private static final int SEQ_AT = 0;
    private static final int NODE_AT = 8;
    private static final int CHECKSUM_AT = 12;
    private static final int GENERATION_AT = 16;
    private static final int DEAD_MS_AT = 24;
    private static final long UNSIGNED_INT = 0xFFFF_FFFFL;

    private static final byte[] ZEROS = new byte[MAX_BYTES];
    private static final SlotReading BAD_CHECKSUM = new SlotReading.BadChecksum();
    private static final SlotReading NEVER_USED = new SlotReading.Good(new SlotBlock(0, 0, Generation.NONE, 0));

    /** By bytes of a slot: what all codecs of that size have in common. */
    private static final Map<Integer, Shares> SHARES = new ConcurrentHashMap<>();

    private final int slotBytes;
    private final CRC32 crc = new CRC32();

    /** The ordinary CRC-32 of a block of zeros. CRC-32 is affine: XOR with it undoes initial value and final XOR. */
    private final int crcOfZeros;

    /** By place and value of a checksum byte: what that byte adds to the block's CRC. */
    private final int[][] checksumShare;

    /** What stands for a size of slots; never changed once made. */
    private static final class Shares {
        private final int crcOfZeros;
        private final int[][] ofChecksum = new int[4][256];

        Shares(int slotBytes) {
            byte[] block = new byte[slotBytes];
            crcOfZeros = crcOf(block);
            for (int place = 0; place < 4; place++) {
                for (int value = 0; value < 256; value++) {
                    block[CHECKSUM_AT + place] = (byte) value;
                    ofChecksum[place][value] = crcOf(block) ^ crcOfZeros;
                }
                block[CHECKSUM_AT + place] = 0;
            }
        }

        private static int crcOf(byte[] block) {
            CRC32 crc = new CRC32();
            crc.update(block);
            return (int) crc.getValue();
        }
    }

    /**
     * @param slotBytes bytes of a slot: 512, 1024, 2048 or 4096
     */
    public SlotCodec(int slotBytes) {
        if (slotBytes < MIN_BYTES || slotBytes > MAX_BYTES || Integer.bitCount(slotBytes) != 1) {
            throw new IllegalArgumentException("slot of " + slotBytes + " bytes");
        }
        this.slotBytes = slotBytes;
        Shares shares = SHARES.computeIfAbsent(slotBytes, Shares::new);
        crcOfZeros = shares.crcOfZeros;
        checksumShare = shares.ofChecksum;
    }

    /** {@return bytes of a slot} */
    public int slotBytes() {
        return slotBytes;
    }

    /**
     * Reads one slot.
     *
     * @param slots holds the slot; its position and order do not matter; nothing of it changes
     * @param at where the slot begins
     * @return what it says
     * @throws IndexOutOfBoundsException if the slot is not wholly below the buffer's limit
     */
    public SlotReading decode(ByteBuffer slots, int at) {
        if (!isValid(slots, at)) {
            return BAD_CHECKSUM;
        }
        long seq = seq(slots, at);
        long generation = generation(slots, at);
        int node = slots.get(at + NODE_AT) & 0xFF;
        long deadMs = intAt(slots, at + DEAD_MS_AT) & UNSIGNED_INT;
        if (seq == 0 && generation == 0 && node == 0 && deadMs == 0) {
            return NEVER_USED;
        }
        return new SlotReading.Good(new SlotBlock(seq, node, new Generation(generation), deadMs));
    }

    /**
     * {@return whether a slot's checksum matches}
     *
     * @param slots holds the slot
     * @param at where the slot begins
     */
    public boolean isValid(ByteBuffer slots, int at) {
        int stored = intAt(slots, at + CHECKSUM_AT);
        return stored == checksum(slots, at, stored);
    }

    /** {@return hb_seq of the slot that begins at {@code at}} */
    public long seq(ByteBuffer slots, int at) {
        return longAt(slots, at + SEQ_AT);
    }

    /** {@return hb_generation of the slot that begins at {@code at}} */
    public long generation(ByteBuffer slots, int at) {
        return longAt(slots, at + GENERATION_AT);
    }

    /**
     * Writes one slot, checksum and zeros included.
     *
     * @param block what it shall say
     * @param into takes the slot; its position, limit and order stay
     * @param at where the slot begins
     * @throws IllegalArgumentException if a field does not fit into its bytes
     */
    public void encode(SlotBlock block, ByteBuffer into, int at) {
        if (block.hbNode() < 0 || block.hbNode() > 0xFF || block.deadMs() < 0 || block.deadMs() > UNSIGNED_INT) {
            throw new IllegalArgumentException("slot cannot hold " + block);
        }
        ByteBuffer slot = into.slice(at, slotBytes).order(ByteOrder.LITTLE_ENDIAN);
        slot.put(ZEROS, 0, slotBytes);
        slot.putLong(SEQ_AT, block.seq());
        slot.put(NODE_AT, (byte) block.hbNode());
        slot.putLong(GENERATION_AT, block.generation().value());
        slot.putInt(DEAD_MS_AT, (int) block.deadMs());
        slot.putInt(CHECKSUM_AT, checksum(slot, 0, 0));
    }

    /** The checksum as the kernel computes it; one pass over the bytes, then the checksum's own share taken out. */
    private int checksum(ByteBuffer slots, int at, int stored) {
        return crcOf(slots, at)
                ^ crcOfZeros
                ^ checksumShare[0][stored & 0xFF]
                ^ checksumShare[1][stored >>> 8 & 0xFF]
                ^ checksumShare[2][stored >>> 16 & 0xFF]
                ^ checksumShare[3][stored >>> 24];
    }

    private int crcOf(ByteBuffer slots, int at) {
        Objects.checkFromIndexSize(at, slotBytes, slots.limit());
        int position = slots.position();
        int limit = slots.limit();
        crc.reset();
        crc.update(slots.limit(at + slotBytes).position(at));
        slots.limit(limit).position(position);
        return (int) crc.getValue();
    }

    private static long longAt(ByteBuffer slots, int at) {
        long value = slots.getLong(at);
        return slots.order() == ByteOrder.LITTLE_ENDIAN ? value : Long.reverseBytes(value);
    }

    private static int intAt(ByteBuffer slots, int at) {
        int value = slots.getInt(at);
        return slots.order() == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }
}
