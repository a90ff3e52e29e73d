// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.BoardGeometry;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A shared disk with one formatted region: zeroed slots from byte 0, and a board of vacant blocks where it has one.
 * Each node attaches its own path to it. A transfer is atomic, as that of one sector is on a real disk; see {@link
 * SimRegionDevice#tearNextWrite} for larger ones. For any thread.
 */
public final class SimDisk {
    private final int sectorBytes;
    private final int slots;
    private final Optional<BoardGeometry> board;
    private final byte[] content;

    /** By node: its block as it is, once somebody has read it; what was written since makes it be read anew. */
    private final @Nullable ByteBuffer[] blocks;

    /**
     * @param sectorBytes logical sector size, which is a slot's size too
     * @param slots number of slots, 1 to 255
     * @param board where the board lies, behind the slots; empty for none
     */
    public SimDisk(int sectorBytes, int slots, Optional<BoardGeometry> board) {
        this.sectorBytes = sectorBytes;
        this.slots = slots;
        this.board = board;
        int slotsEnd = sectorBytes * slots;
        if (board.isPresent() && board.get().offset() < slotsEnd) {
            throw new IllegalArgumentException("board at " + board.get().offset() + " overlaps slots to " + slotsEnd);
        }
        content = new byte[board.map(SimDisk::end).orElse(slotsEnd)];
        blocks = new ByteBuffer[board.map(BoardGeometry::blocks).orElse(0)];
        board.ifPresent(this::vacate);
    }

    /** {@return a disk of 512-byte sectors with 255 slots and board blocks of 4096 bytes} */
    public static SimDisk formatted() {
        return new SimDisk(512, 255, Optional.of(new BoardGeometry(131072, 4096, 255)));
    }

    private static int end(BoardGeometry board) {
        return Math.toIntExact(board.offset() + (long) board.blockBytes() * board.blocks());
    }

    private void vacate(BoardGeometry board) {
        ByteBuffer vacant = BoardCodec.vacant();
        for (long at = board.offset(); at < content.length; at += board.copyBytes()) {
            vacant.rewind().get(content, (int) at, vacant.capacity());
        }
    }

    /** {@return a new path to this disk, as one node has it} */
    public SimRegionDevice attach() {
        return new SimRegionDevice(this);
    }

    int sectorBytes() {
        return sectorBytes;
    }

    int slots() {
        return slots;
    }

    Optional<BoardGeometry> board() {
        return board;
    }

    /**
     * Reads.
     *
     * @param into filled from its position to its limit
     * @param position byte on the disk
     * @throws IOException if the disk ends before that
     */
    public synchronized void read(ByteBuffer into, long position) throws IOException {
        requireInside("read", position, into.remaining());
        into.put(content, (int) position, into.remaining());
    }

    /**
     * {@return a board block as it is now, which later writes do not change}
     *
     * @param node its number, of those that the board has
     */
    synchronized ByteBuffer block(BoardGeometry geometry, int node) {
        ByteBuffer block = blocks[node];
        if (block == null) {
            int at = (int) geometry.offset() + node * geometry.blockBytes();
            block = ByteBuffer.wrap(Arrays.copyOfRange(content, at, at + geometry.blockBytes()))
                    .asReadOnlyBuffer();
            blocks[node] = block;
        }
        return block.duplicate();
    }

    /**
     * Writes, whatever owns those bytes: for damage too.
     *
     * @param from written from its position to its limit
     * @param position byte on the disk
     * @throws IOException if the disk ends before that
     */
    public synchronized void write(ByteBuffer from, long position) throws IOException {
        requireInside("write", position, from.remaining());
        board.ifPresent(geometry -> forget(geometry, position, position + from.remaining()));
        from.get(content, (int) position, from.remaining());
    }

    private void forget(BoardGeometry geometry, long begin, long end) {
        for (int node = 0; node < blocks.length; node++) {
            long at = geometry.offset() + (long) node * geometry.blockBytes();
            if (begin < at + geometry.blockBytes() && at < end) {
                blocks[node] = null;
            }
        }
    }

    private void requireInside(String operation, long position, int bytes) throws IOException {
        if (position < 0 || position + bytes > content.length) {
            throw new EOFException(
                    operation + " " + bytes + " at " + position + " simulated disk: it ends at " + content.length);
        }
    }
}
