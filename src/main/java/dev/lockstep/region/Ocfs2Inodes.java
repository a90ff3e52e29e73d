// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** Inodes and directories of an OCFS2 volume, no more than finding a system file takes. */
final class Ocfs2Inodes {
    private static final int DYNAMIC_FEATURES_AT = 0x76;
    private static final int INLINE_DATA = 1;
    private static final int DATA_AT = 0xC0;
    private static final int INLINE_AT = 0xC8;
    private static final int RECORDS_AT = 0xD0;
    private static final int RECORD_BYTES = 16;
    private static final int ENTRY_HEADER_BYTES = 12;

    /** The system directory of the largest volume has some hundred entries. */
    private static final long MAX_DIRECTORY_BYTES = 1 << 20;

    private final ByteSource device;
    private final int blockBytes;
    private final int clusterBytes;

    Ocfs2Inodes(ByteSource device, int blockBytes, int clusterBytes) {
        this.device = device;
        this.blockBytes = blockBytes;
        this.clusterBytes = clusterBytes;
    }

    /** A run of bytes on the device. */
    record Extent(long offset, long bytes) {}

    ByteBuffer inode(long block) throws IOException {
        if (block <= 0 || block > Long.MAX_VALUE / blockBytes) {
            throw new UnusableRegion("OCFS2: inode in block " + block);
        }
        ByteBuffer inode = device.read(block * blockBytes, blockBytes);
        if (!Ocfs2Volume.hasSignature(inode, "INODE01")) {
            throw new UnusableRegion("OCFS2: block " + block + " is no inode");
        }
        return inode;
    }

    /** {@return the extent of a file that has exactly one} */
    Extent onlyExtent(ByteBuffer inode) throws UnusableRegion {
        if (extents(inode) != 1) {
            throw new UnusableRegion("OCFS2: heartbeat file in " + extents(inode) + " extents");
        }
        return extent(inode, 0);
    }

    /** {@return the inode block of a name in a directory, empty if the name is not there} */
    OptionalLong lookUp(ByteBuffer directory, String name) throws IOException {
        if ((directory.getShort(DYNAMIC_FEATURES_AT) & INLINE_DATA) != 0) {
            int bytes = directory.getShort(DATA_AT) & 0xFFFF;
            if (bytes > blockBytes - INLINE_AT) {
                throw new UnusableRegion("OCFS2: inline directory of " + bytes + " bytes");
            }
            return scan(directory.slice(INLINE_AT, bytes).order(directory.order()), name);
        }
        long left = MAX_DIRECTORY_BYTES;
        int extents = extents(directory);
        for (int i = 0; i < extents; i++) {
            Extent extent = extent(directory, i);
            for (long at = 0; at < extent.bytes() && left > 0; at += blockBytes, left -= blockBytes) {
                OptionalLong found = scan(device.read(extent.offset() + at, blockBytes), name);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return OptionalLong.empty();
    }

    private int extents(ByteBuffer inode) throws UnusableRegion {
        int depth = inode.getShort(DATA_AT) & 0xFFFF;
        int used = inode.getShort(DATA_AT + 4) & 0xFFFF;
        if (depth != 0 || used > (blockBytes - RECORDS_AT) / RECORD_BYTES) {
            throw new UnusableRegion("OCFS2: extent tree of depth " + depth + " with " + used + " records");
        }
        return used;
    }

    private Extent extent(ByteBuffer inode, int index) throws UnusableRegion {
        int at = RECORDS_AT + index * RECORD_BYTES;
        long clusters = inode.getShort(at + 4) & 0xFFFF;
        long block = inode.getLong(at + 8);
        if (block <= 0 || block > Long.MAX_VALUE / 2 / blockBytes) {
            throw new UnusableRegion("OCFS2: extent from block " + block);
        }
        return new Extent(block * blockBytes, clusters * clusterBytes);
    }

    private static OptionalLong scan(ByteBuffer entries, String name) throws UnusableRegion {
        int at = 0;
        while (at + ENTRY_HEADER_BYTES <= entries.limit()) {
            long inode = entries.getLong(at);
            int recordBytes = entries.getShort(at + 8) & 0xFFFF;
            int nameBytes = entries.get(at + 10) & 0xFF;
            if (recordBytes < ENTRY_HEADER_BYTES
                    || at + recordBytes > entries.limit()
                    || nameBytes > recordBytes - ENTRY_HEADER_BYTES) {
                throw new UnusableRegion("OCFS2: directory entry of " + recordBytes + " bytes");
            }
            byte[] entry = new byte[nameBytes];
            entries.get(at + ENTRY_HEADER_BYTES, entry);
            if (inode != 0 && name.equals(new String(entry, StandardCharsets.ISO_8859_1))) {
                return OptionalLong.of(inode);
            }
            at += recordBytes;
        }
        return OptionalLong.empty();
    }
}
