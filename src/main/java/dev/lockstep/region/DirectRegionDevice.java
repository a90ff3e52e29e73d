// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.board.BoardGeometry;
import dev.lockstep.nativeio.AlignedMemory;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.port.RegionDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A region on a block device or in a regular file, read and written with O_DIRECT. One thread may read slots, one write
 * slots, one write reports, and any read reports, all at a time. {@link #slotBuffer} is always the same buffer, and the
 * only one that {@link #readSlots} takes. Closing does not wait for a transfer that hangs.
 */
public final class DirectRegionDevice implements RegionDevice {
    private final BlockDevice device;
    private final RegionLayout layout;
    private final @Nullable Object fileKey;

    /** Of the reading thread, once it asks: 1 MiB on a 4Kn disk, and the writing threads' opening needs none. */
    private @Nullable AlignedMemory slotMemory;

    /** Of each thread its own, since a writer reads its own block before the first write. */
    private final ThreadLocal<AlignedMemory> blockMemory;

    // Of the writing threads, one for slots, one for reports
    private final AlignedMemory slotToWrite;
    private final AlignedMemory copyToWrite;

    private DirectRegionDevice(BlockDevice device, RegionLayout layout) throws IOException {
        this.device = device;
        this.layout = layout;
        fileKey = device.isRegularFile() ? fileKey(device.path()) : null;
        slotToWrite = AlignedMemory.allocate(layout.slotBytes());
        int blockBytes = layout.board().map(BoardGeometry::blockBytes).orElse(1);
        blockMemory = ThreadLocal.withInitial(() -> AlignedMemory.allocate(blockBytes));
        copyToWrite = AlignedMemory.allocate(
                layout.board().map(BoardGeometry::copyBytes).orElse(1));
    }

    /**
     * Opens the region that a device says it carries.
     *
     * @throws UnusableRegion if it carries none, or one that cannot be used
     * @throws IOException if it cannot be opened or read
     */
    public static DirectRegionDevice open(Path path, Access access, Caching caching) throws IOException {
        BlockDevice device = BlockDevice.open(path, access, caching);
        try {
            RegionLayout layout = RegionProbe.probe(device)
                    .orElseThrow(() -> new UnusableRegion(path + ": no Lockstep region and no OCFS2 volume"));
            return new DirectRegionDevice(device, layout);
        } catch (IOException e) {
            device.close();
            throw e;
        }
    }

    /**
     * Opens a region whose place is known, such as one that the kernel heartbeats in.
     *
     * @throws UnusableRegion if the device's sectors are not of that size, or it ends before the region
     * @throws IOException if it cannot be opened
     */
    public static DirectRegionDevice open(Path path, RegionLayout layout, Access access, Caching caching)
            throws IOException {
        BlockDevice device = BlockDevice.open(path, access, caching);
        try {
            if (!device.isRegularFile() && device.sectorBytes() != layout.slotBytes()) {
                throw new UnusableRegion(path + ": region " + layout.name() + " has slots of " + layout.slotBytes()
                        + " bytes, the device sectors of " + device.sectorBytes());
            }
            if (layout.end() > device.bytes()) {
                throw new UnusableRegion(path + ": region " + layout.name() + " ends at byte " + layout.end()
                        + ", the device at " + device.bytes());
            }
            return new DirectRegionDevice(device, layout);
        } catch (IOException e) {
            device.close();
            throw e;
        }
    }

    /** {@return where the region lies} */
    public RegionLayout layout() {
        return layout;
    }

    @Override
    public int slotBytes() {
        return layout.slotBytes();
    }

    @Override
    public int slots() {
        return layout.slots();
    }

    @Override
    public Optional<BoardGeometry> board() {
        return layout.board();
    }

    @Override
    public ByteBuffer slotBuffer() {
        AlignedMemory memory = slotMemory;
        if (memory == null) {
            memory = AlignedMemory.allocate(layout.slots() * layout.slotBytes());
            memory.buffer().limit(layout.slots() * layout.slotBytes());
            slotMemory = memory;
        }
        return memory.buffer();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very buffer: another with equal bytes has no aligned memory
    public void readSlots(ByteBuffer into) throws IOException {
        AlignedMemory memory = slotMemory;
        if (memory == null || into != memory.buffer()) {
            throw new IllegalArgumentException("not the buffer of slotBuffer()");
        }
        requireSameFile();
        int bytes = layout.slots() * layout.slotBytes();
        device.file().pread(memory, 0, bytes, layout.slotStart());
        into.position(0).limit(bytes);
    }

    @Override
    public void writeSlot(int slot, ByteBuffer block) throws IOException {
        requireNumber(slot, layout.slots());
        if (block.remaining() != layout.slotBytes()) {
            throw new IllegalArgumentException("slot of " + block.remaining() + " bytes");
        }
        write(block, slotToWrite, layout.slotStart() + (long) slot * layout.slotBytes());
    }

    @Override
    public ByteBuffer readBoardBlock(int node) throws IOException {
        BoardGeometry board = requireBoard();
        requireNumber(node, board.blocks());
        requireSameFile();
        AlignedMemory memory = blockMemory.get();
        device.file().pread(memory, 0, board.blockBytes(), board.offset() + (long) node * board.blockBytes());
        return memory.buffer().position(0).limit(board.blockBytes());
    }

    @Override
    public void writeBoardCopy(int node, int copy, ByteBuffer content) throws IOException {
        BoardGeometry board = requireBoard();
        requireNumber(node, board.blocks());
        requireNumber(copy, 2);
        if (content.remaining() > board.copyBytes()) {
            throw new IllegalArgumentException("board copy of " + content.remaining() + " bytes");
        }
        write(
                content,
                copyToWrite,
                board.offset() + (long) node * board.blockBytes() + (long) copy * board.copyBytes());
    }

    private void write(ByteBuffer content, AlignedMemory through, long position) throws IOException {
        int sector = layout.slotBytes();
        int bytes = (content.remaining() + sector - 1) / sector * sector;
        ByteBuffer memory = through.buffer().clear();
        memory.put(content.duplicate());
        while (memory.position() < bytes) {
            memory.put((byte) 0);
        }
        device.file().pwrite(through, 0, bytes, position);
    }

    /** A file that was removed or replaced is still readable through the old descriptor, and says nothing any more. */
    private void requireSameFile() throws IOException {
        if (fileKey != null && !fileKey.equals(fileKey(device.path()))) {
            throw new IOException("read " + device.path() + ": the file was replaced since it was opened");
        }
    }

    private static @Nullable Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private BoardGeometry requireBoard() throws IOException {
        return layout.board()
                .orElseThrow(() -> new UnusableRegion(device.path() + ": region " + layout.name() + " has no board"));
    }

    private static void requireNumber(int number, int end) {
        if (number < 0 || number >= end) {
            throw new IllegalArgumentException(number + " is not in 0.." + (end - 1));
        }
    }

    @Override
    public void close() {
        device.close();
    }
}
