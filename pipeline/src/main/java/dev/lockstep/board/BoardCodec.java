// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import dev.lockstep.domain.NodeNumber;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SortedSet;
import java.util.zip.CRC32C;

/**
 * Reports as bytes. A node's block holds two copies of half its size; a writer overwrites the older one, so that a
 * power cut in a write leaves the newer. All numbers are little-endian, boot ids are 16 bytes in the order in which
 * they are printed.
 *
 * <pre>
 * one copy
 *   0 +---------------------------------------+
 *     | magic "LockBrd\n"                     |
 *   8 +-------------------+---------+---------+
 *     | CRC32C            | version | minimum |  version of the format; what a reader must at least know
 *  16 +-------------------+----+----+----+----+
 *     | length            |kind|node|flag| 0  |  bytes in use; kind 0 vacant, 1 report; flag bit 0 "must go"
 *  24 +-------------------+----+----+----+----+
 *     | seq                                   |
 *  32 +---------------------------------------+
 *     | boot id                               |
 *     |                                       |
 *  48 +---------------------------------------+
 *     | generation                            |
 *  56 +---------------------------------------+
 *     | floor                                 |
 *  64 +----+----+-----------------------------+
 *     |type|len | len bytes                   |  fields, see below, to the end of the length
 *     +----+----+-----------------------------+
 *
 * fields: type (2 bytes), length of what follows (2 bytes), then
 *   1 region     1..32 bytes   its name; exactly once
 *   2 settings   n × 4         a hash per setting; exactly once
 *   3 eviction   node 1, kind 1, zero 2, boot id 16, generation 8
 *   4 view       0..32         bitmap of nodes: node n is bit n % 8 of byte n / 8; trailing zero bytes are left out.
 *                              Views are numbered from 0 in their order here
 *   5 lockspace  phase 1, zero 1, view number 2, join 8, epoch 8, digest 8, name 1..64; ascending by name
 *   6 fence      node 1, status 1, exit 2, boot id 16, generation 8, count 4
 *   7 links      length of the first bitmap 1, bitmap of nodes reached 0..32, of nodes cut off 0..32; at most once
 * </pre>
 *
 * <p>The CRC32C covers bytes 0 to length with its own field taken as 0. A field of an unknown type is skipped; a change
 * that an old reader must not ignore raises the minimum version, and an old reader then takes the copy for bad. A
 * vacant copy is a header of length 64 that is zero from byte 24 on.
 *
 * <p>Reading never throws on any bytes and allocates in proportion to the copy at most. Stateless, for any thread.
 */
public final class BoardCodec {
    /** The version of the format that this class writes, and the highest minimum it can read. */
    public static final int VERSION = 1;

    static final int MAGIC_AT = 0;
    static final int CRC_AT = 8;
    static final int VERSION_AT = 12;
    static final int MINIMUM_AT = 14;
    static final int LENGTH_AT = 16;
    static final int KIND_AT = 20;
    static final int NODE_AT = 21;
    static final int FLAGS_AT = 22;
    static final int SEQ_AT = 24;
    static final int BOOT_AT = 32;
    static final int GENERATION_AT = 48;
    static final int FLOOR_AT = 56;
    static final int HEADER_BYTES = 64;

    static final int FLAG_MUST_GO = 1;

    private static final byte[] MAGIC = "LockBrd\n".getBytes(StandardCharsets.US_ASCII);
    private static final int KIND_VACANT = 0;
    private static final int KIND_REPORT = 1;

    private BoardCodec() {}

    /**
     * Encodes a report.
     *
     * @param report the report; its seq greater than 0, no lockspace listed twice
     * @param copyBytes bytes of a copy, see {@link BoardGeometry#copyBytes()}
     * @return the bytes, or how many too many they are
     * @throws IllegalArgumentException if the report breaks its own rules
     */
    public static Encoding encode(Report report, int copyBytes) {
        int needed = encodedBytes(report);
        if (needed > copyBytes) {
            return new Encoding.TooLarge(needed, copyBytes);
        }
        ByteBuffer copy = header(KIND_REPORT, needed);
        ReportWriter.write(report, copy);
        return new Encoding.Fits(sealed(copy));
    }

    /** {@return bytes that a report takes, whether they fit or not} */
    public static int encodedBytes(Report report) {
        return HEADER_BYTES + ReportWriter.bytes(report);
    }

    /**
     * {@return bytes that a report may come to need with the lockspaces that it lists} Each of them may get a view of
     * its own, and there must be room for verdicts on eight other nodes and for what is done about two of them: a
     * report that cannot be written holds everybody up.
     *
     * @param report the report, with whatever shall join
     * @param nodes all nodes
     */
    public static int mostBytes(Report report, SortedSet<NodeNumber> nodes) {
        return HEADER_BYTES + ReportWriter.mostBytes(report, nodes);
    }

    /** {@return a copy that says that nobody ever reported here} */
    public static ByteBuffer vacant() {
        return sealed(header(KIND_VACANT, HEADER_BYTES));
    }

    /**
     * Reads a block: the newest valid of its two copies.
     *
     * @param block both copies, from its position to its limit, which stay as they are
     * @param node the node whose block it is; a report of another node is bad
     * @return what it says
     */
    public static BlockReading decode(ByteBuffer block, NodeNumber node) {
        int copyBytes = block.remaining() / 2;
        BlockReading first = decodeCopy(block.slice(block.position(), copyBytes), node);
        BlockReading second = decodeCopy(block.slice(block.position() + copyBytes, copyBytes), node);
        return newest(first, second);
    }

    /**
     * {@return what a block says whose copies say this}
     *
     * @param first its copy 0
     * @param second its copy 1
     */
    public static BlockReading newest(BlockReading first, BlockReading second) {
        if (first instanceof BlockReading.Bad one && second instanceof BlockReading.Bad two) {
            return new BlockReading.Bad("copy 0: " + one.why() + "; copy 1: " + two.why());
        }
        return age(second) > age(first) ? second : first;
    }

    /**
     * Which copy the next report goes to: the one that holds nothing newer than the other. A writer asks this once,
     * for its own block, and then takes turns; after a failed write it takes the same copy again, since the other may
     * be the only whole one.
     *
     * @param block both copies, from its position to its limit, which stay as they are
     * @param node the node whose block it is
     * @return 0 or 1
     */
    public static int copyToWrite(ByteBuffer block, NodeNumber node) {
        int copyBytes = block.remaining() / 2;
        BlockReading first = decodeCopy(block.slice(block.position(), copyBytes), node);
        BlockReading second = decodeCopy(block.slice(block.position() + copyBytes, copyBytes), node);
        return age(second) > age(first) ? 0 : age(first) > age(second) ? 1 : 0;
    }

    /** Orders readings of one block: a bad copy is older than a vacant one, that older than any report. */
    private static long age(BlockReading reading) {
        if (reading instanceof BlockReading.Good good) {
            return good.report().seq();
        }
        return reading instanceof BlockReading.Vacant ? 0 : -1;
    }

    /**
     * Reads one copy.
     *
     * @param copy the copy, from its position to its limit, which stay as they are
     * @param node the node whose block it is
     * @return what it says
     */
    public static BlockReading decodeCopy(ByteBuffer copy, NodeNumber node) {
        try {
            return read(copy.slice().order(ByteOrder.LITTLE_ENDIAN), node);
        } catch (MalformedCopy e) {
            return new BlockReading.Bad(e.reason());
        }
    }

    /**
     * {@return how many bytes of a copy decide what it says, from its first on} Copies of one size that are the same in
     * these bytes read the same, whatever lies behind them.
     *
     * @param copy the copy, from its position to its limit, which stay as they are
     */
    public static int usedBytes(ByteBuffer copy) {
        ByteBuffer bytes = copy.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() < HEADER_BYTES) {
            return bytes.remaining();
        }
        return hasMagic(bytes) && hasSaneLength(bytes) ? (int) length(bytes) : HEADER_BYTES;
    }

    private static boolean hasMagic(ByteBuffer copy) {
        return copy.slice(MAGIC_AT, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    }

    private static boolean hasSaneLength(ByteBuffer copy) {
        return length(copy) >= HEADER_BYTES && length(copy) <= copy.remaining();
    }

    private static long length(ByteBuffer copy) {
        return copy.getInt(LENGTH_AT) & 0xFFFF_FFFFL;
    }

    private static BlockReading read(ByteBuffer copy, NodeNumber node) throws MalformedCopy {
        if (copy.remaining() < HEADER_BYTES) {
            throw new MalformedCopy("only " + copy.remaining() + " bytes");
        }
        if (!hasMagic(copy)) {
            throw new MalformedCopy("no board was written here (magic is wrong)");
        }
        if (!hasSaneLength(copy)) {
            throw new MalformedCopy("length " + length(copy) + " is not in " + HEADER_BYTES + ".." + copy.remaining());
        }
        copy.limit((int) length(copy)); // nothing behind it says anything, see usedBytes
        if (copy.getInt(CRC_AT) != checksum(copy)) {
            throw new MalformedCopy("checksum does not match");
        }
        int minimum = copy.getShort(MINIMUM_AT) & 0xFFFF;
        if (minimum > VERSION) {
            throw new MalformedCopy("needs a reader of format " + minimum + ", this one knows " + VERSION);
        }
        int kind = copy.get(KIND_AT);
        if (kind == KIND_VACANT) {
            return new BlockReading.Vacant();
        }
        if (kind != KIND_REPORT) {
            throw new MalformedCopy("kind " + kind + " is unknown");
        }
        int writer = copy.get(NODE_AT) & 0xFF;
        if (writer != node.value()) {
            throw new MalformedCopy("written by node " + writer + " into the block of node " + node);
        }
        return new BlockReading.Good(ReportReader.read(copy, node));
    }

    private static ByteBuffer header(int kind, int length) {
        return ByteBuffer.allocate(length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC_AT, MAGIC)
                .putShort(VERSION_AT, (short) VERSION)
                .putShort(MINIMUM_AT, (short) VERSION)
                .putInt(LENGTH_AT, length)
                .put(KIND_AT, (byte) kind);
    }

    private static ByteBuffer sealed(ByteBuffer copy) {
        copy.rewind();
        copy.putInt(CRC_AT, checksum(copy));
        return copy;
    }

    /** CRC32C from byte 0 to the limit, with the checksum's own bytes taken as zero. */
    private static int checksum(ByteBuffer copy) {
        CRC32C crc = new CRC32C();
        crc.update(copy.slice(0, CRC_AT));
        crc.update(new byte[Integer.BYTES]);
        crc.update(copy.slice(VERSION_AT, copy.limit() - VERSION_AT));
        return (int) crc.getValue();
    }
}
