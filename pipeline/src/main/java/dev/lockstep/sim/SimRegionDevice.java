// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.board.BoardGeometry;
import dev.lockstep.port.RegionDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One node's path to a {@link SimDisk}. Faults strike this path only; set them from any thread. */
public final class SimRegionDevice implements RegionDevice {
    private static final int WHOLE = Integer.MAX_VALUE;
    private static final List<String> READ_BOARD_BLOCK =
            IntStream.range(0, 256).mapToObj(node -> "read board block " + node).toList();

    private final SimDisk disk;

    private volatile DiskFault reads = DiskFault.NONE;
    private volatile DiskFault writes = DiskFault.NONE;
    private volatile int sectorsOfNextWrite = WHOLE;
    private volatile boolean closed;

    SimRegionDevice(SimDisk disk) {
        this.disk = disk;
    }

    /** Sets what befalls reads from now on. */
    public void onReads(DiskFault fault) {
        reads = fault;
    }

    /** Sets what befalls writes from now on. */
    public void onWrites(DiskFault fault) {
        writes = fault;
    }

    /**
     * Lets only the first sectors of the next write reach the disk; the write then fails, as in a power cut.
     *
     * @param sectors how many
     */
    public void tearNextWrite(int sectors) {
        sectorsOfNextWrite = sectors;
    }

    @Override
    public int slotBytes() {
        return disk.sectorBytes();
    }

    @Override
    public int slots() {
        return disk.slots();
    }

    @Override
    public Optional<BoardGeometry> board() {
        return disk.board();
    }

    @Override
    public ByteBuffer slotBuffer() {
        return ByteBuffer.allocate(slots() * slotBytes());
    }

    @Override
    public void readSlots(ByteBuffer into) throws IOException {
        strike(reads, "read slots");
        disk.read(into.clear().limit(slots() * slotBytes()), 0);
        into.clear();
    }

    @Override
    public void writeSlot(int slot, ByteBuffer block) throws IOException {
        requireNumber(slot, slots());
        if (block.remaining() != slotBytes()) {
            throw new IllegalArgumentException("slot of " + block.remaining() + " bytes");
        }
        write("write slot " + slot, block, (long) slot * slotBytes());
    }

    @Override
    public ByteBuffer readBoardBlock(int node) throws IOException {
        BoardGeometry geometry = requireBoard();
        requireNumber(node, geometry.blocks());
        strike(reads, READ_BOARD_BLOCK.get(node));
        return disk.block(geometry, node);
    }

    @Override
    public void writeBoardCopy(int node, int copy, ByteBuffer content) throws IOException {
        BoardGeometry geometry = requireBoard();
        requireNumber(node, geometry.blocks());
        requireNumber(copy, 2);
        if (content.remaining() > geometry.copyBytes()) {
            throw new IllegalArgumentException("board copy of " + content.remaining() + " bytes");
        }
        int sectors = (content.remaining() + slotBytes() - 1) / slotBytes();
        ByteBuffer whole = ByteBuffer.allocate(sectors * slotBytes())
                .put(content.duplicate())
                .rewind();
        long position = geometry.offset() + (long) node * geometry.blockBytes() + (long) copy * geometry.copyBytes();
        write("write board block " + node + " copy " + copy, whole, position);
    }

    private void write(String operation, ByteBuffer block, long position) throws IOException {
        strike(writes, operation);
        int sectors = sectorsOfNextWrite;
        sectorsOfNextWrite = WHOLE;
        ByteBuffer taken = block.duplicate();
        if (sectors != WHOLE) {
            taken.limit(Math.min(taken.limit(), taken.position() + sectors * slotBytes()));
        }
        disk.write(taken, position);
        if (sectors != WHOLE) {
            throw new IOException(operation + " simulated disk: power cut after " + sectors + " sectors");
        }
    }

    private void strike(DiskFault fault, String operation) throws IOException {
        if (closed) {
            throw new IOException(operation + " simulated disk: closed");
        }
        fault.strike(operation);
    }

    private BoardGeometry requireBoard() throws IOException {
        return disk.board().orElseThrow(() -> new IOException("simulated disk: no board"));
    }

    private static void requireNumber(int number, int end) {
        if (number < 0 || number >= end) {
            throw new IllegalArgumentException(number + " is not in 0.." + (end - 1));
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
