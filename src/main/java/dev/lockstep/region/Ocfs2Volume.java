// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.domain.RegionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * An OCFS2 volume, as far as its heartbeat file: superblock, system directory, inode (on-disk structures of Linux
 * fs/ocfs2/ocfs2_fs.h). Read without locks, which is safe: mkfs places the file and nothing ever moves it.
 *
 * @param uuid the volume's UUID as 32 upper-case hex digits, which is its region's name
 * @param blockBytes file-system block size
 * @param heartbeatDevice whether it was made by {@code mkfs.ocfs2 -H} to carry a heartbeat and no files
 * @param heartbeatOffset byte on the device where the heartbeat file begins
 * @param heartbeatBytes bytes of the heartbeat file
 */
record Ocfs2Volume(RegionId uuid, int blockBytes, boolean heartbeatDevice, long heartbeatOffset, long heartbeatBytes) {

    private static final int SUPERBLOCK = 2;
    private static final int BLKNO_AT = 0x50;
    private static final int INCOMPAT_AT = 0xE0;
    private static final int SYSTEM_DIRECTORY_AT = 0xF0;
    private static final int BLOCK_BITS_AT = 0xF8;
    private static final int CLUSTER_BITS_AT = 0xFC;
    private static final int UUID_AT = 0x150;
    private static final int INCOMPAT_HEARTBEAT_DEVICE = 0x2;

    private static final int SIZE_AT = 0x20;
    private static final int FLAGS_AT = 0x2C;
    private static final int FLAG_HEARTBEAT = 0x200;
    private static final int MIN_SLOT_BLOCKS = 255;

    /**
     * Looks for a volume.
     *
     * @return the volume, empty if there is none
     * @throws UnusableRegion if there is one whose heartbeat file cannot be found
     * @throws IOException if the device cannot be read
     */
    static Optional<Ocfs2Volume> find(ByteSource device) throws IOException {
        for (int blockBytes = 512; blockBytes <= 4096; blockBytes *= 2) {
            ByteBuffer block = device.read((long) SUPERBLOCK * blockBytes, 512);
            if (hasSignature(block, "OCFSV2")
                    && block.getInt(BLOCK_BITS_AT) == Integer.numberOfTrailingZeros(blockBytes)
                    && block.getLong(BLKNO_AT) == SUPERBLOCK) {
                return Optional.of(read(device, block, blockBytes));
            }
        }
        return Optional.empty();
    }

    private static Ocfs2Volume read(ByteSource device, ByteBuffer superblock, int blockBytes) throws IOException {
        int clusterBits = superblock.getInt(CLUSTER_BITS_AT);
        if (clusterBits < 12 || clusterBits > 20) {
            throw new UnusableRegion("OCFS2 superblock: clusters of 2^" + clusterBits + " bytes");
        }
        byte[] uuid = new byte[16];
        superblock.get(UUID_AT, uuid);
        RegionId name = new RegionId(HexFormat.of().formatHex(uuid).toUpperCase(Locale.ROOT));

        Ocfs2Inodes inodes = new Ocfs2Inodes(device, blockBytes, 1 << clusterBits);
        ByteBuffer directory = inodes.inode(superblock.getLong(SYSTEM_DIRECTORY_AT));
        long heartbeat = inodes.lookUp(directory, "heartbeat")
                .orElseThrow(() -> new UnusableRegion("OCFS2 volume " + name + ": no heartbeat file"));
        ByteBuffer inode = inodes.inode(heartbeat);
        Ocfs2Inodes.Extent extent = inodes.onlyExtent(inode);
        long bytes = Math.min(inode.getLong(SIZE_AT), extent.bytes());
        if ((inode.getInt(FLAGS_AT) & FLAG_HEARTBEAT) == 0 || bytes < (long) MIN_SLOT_BLOCKS * blockBytes) {
            throw new UnusableRegion("OCFS2 volume " + name + ": bad heartbeat file of " + bytes + " bytes");
        }
        boolean heartbeatDevice = (superblock.getInt(INCOMPAT_AT) & INCOMPAT_HEARTBEAT_DEVICE) != 0;
        return new Ocfs2Volume(name, blockBytes, heartbeatDevice, extent.offset(), bytes);
    }

    static boolean hasSignature(ByteBuffer block, String signature) {
        byte[] there = new byte[signature.length()];
        block.get(0, there);
        return signature.equals(new String(there, StandardCharsets.ISO_8859_1));
    }
}
