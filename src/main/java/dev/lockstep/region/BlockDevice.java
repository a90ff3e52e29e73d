// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.nativeio.AlignedMemory;
import dev.lockstep.nativeio.DirectFile;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** An opened block device, or a regular file in its place, with the facts that decide how it may be used. */
final class BlockDevice implements ByteSource, AutoCloseable {
    /** A file has no sectors; the smallest leaves the kernel and any disk behind it free to do the rest. */
    private static final int FILE_SECTOR_BYTES = 512;

    // inode(7): S_IFMT, S_IFREG, S_IFBLK
    private static final int TYPE_BITS = 0170000;
    private static final int REGULAR_FILE = 0100000;
    private static final int BLOCK_DEVICE = 0060000;

    private final Path path;
    private final DirectFile file;
    private final int sectorBytes;
    private final long bytes;
    private final boolean regularFile;

    private BlockDevice(Path path, DirectFile file) throws IOException {
        this.path = path;
        this.file = file;
        OptionalInt sector = file.logicalSectorBytes();
        regularFile = sector.isEmpty();
        if (regularFile && !Files.isRegularFile(path)) {
            throw new UnusableRegion(path + ": neither a block device nor a regular file");
        }
        sectorBytes = sector.orElse(FILE_SECTOR_BYTES);
        bytes = regularFile ? Files.size(path) : file.deviceBytes().orElseThrow();
    }

    /**
     * Opens a device.
     *
     * @throws UnusableRegion if it is neither a block device nor a regular file, or its file system has no O_DIRECT
     * @throws NativeFailure if it cannot be opened
     * @throws IOException if it does not tell its sizes
     */
    static BlockDevice open(Path path, Access access, Caching caching) throws IOException {
        if (!mayBeOne(path)) {
            throw new UnusableRegion(path + ": neither a block device nor a regular file");
        }
        DirectFile file;
        try {
            file = DirectFile.open(path, access, caching);
        } catch (NativeFailure e) {
            if (caching == Caching.DIRECT && e.errno().equals(Errno.EINVAL)) {
                UnusableRegion noDirect = new UnusableRegion(
                        path + ": its file system has no O_DIRECT; buffered access is for trials on one machine only");
                noDirect.initCause(e);
                throw noDirect;
            }
            throw e;
        }
        try {
            return new BlockDevice(path, file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Asked before it is opened: a character device would be said to lack O_DIRECT, and a pipe would wait. */
    private static boolean mayBeOne(Path path) {
        try {
            int type = (int) Files.getAttribute(path, "unix:mode") & TYPE_BITS;
            return type == REGULAR_FILE || type == BLOCK_DEVICE;
        } catch (IOException e) {
            return true; // opening it says what is wrong
        }
    }

    Path path() {
        return path;
    }

    DirectFile file() {
        return file;
    }

    int sectorBytes() {
        return sectorBytes;
    }

    long bytes() {
        return bytes;
    }

    boolean isRegularFile() {
        return regularFile;
    }

    @Override
    public ByteBuffer read(long position, int count) throws IOException {
        long from = position - position % sectorBytes;
        long to = (position + count + sectorBytes - 1) / sectorBytes * sectorBytes;
        AlignedMemory memory = AlignedMemory.allocate((int) (to - from));
        file.pread(memory, 0, (int) (to - from), from);
        return memory.buffer().slice((int) (position - from), count).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Writes whole sectors.
     *
     * @param position byte on the device, a multiple of the sector size
     * @param content what to write; padded with zeros to whole sectors
     */
    void write(long position, ByteBuffer content) throws IOException {
        int sectors = (content.remaining() + sectorBytes - 1) / sectorBytes;
        AlignedMemory memory = AlignedMemory.allocate(sectors * sectorBytes);
        memory.buffer().put(content.duplicate());
        file.pwrite(memory, 0, sectors * sectorBytes, position);
    }

    @Override
    public void close() {
        file.close();
    }
}
