// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import dev.lockstep.board.BoardGeometry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One heartbeat region's device: its slots and, where it has one, its board. Calls block; each region has one thread
 * for reads and one for its writes, and an implementation must allow one of each at a time. Reads and writes go past
 * every cache (O_DIRECT).
 */
public interface RegionDevice extends AutoCloseable {

    /** {@return bytes of one slot: the device's logical sector size} */
    int slotBytes();

    /** {@return number of slots, 1 to 255} */
    int slots();

    /** {@return where the board lies, empty if there is none} */
    Optional<BoardGeometry> board();

    /**
     * {@return a buffer that {@link #readSlots} takes, aligned as the device needs it; reuse it}
     */
    ByteBuffer slotBuffer();

    /**
     * Reads all slots. Slot n is at {@code n × slotBytes} of the buffer.
     *
     * @param into a buffer of {@link #slotBuffer()}
     * @throws IOException if they cannot be read whole; the buffer's content is then void
     */
    void readSlots(ByteBuffer into) throws IOException;

    /**
     * Writes one slot; only under agent heartbeat, and only the own one.
     *
     * @param slot the own node number
     * @param block exactly {@link #slotBytes()} bytes
     * @throws IOException if the write did not complete
     */
    void writeSlot(int slot, ByteBuffer block) throws IOException;

    /**
     * Reads one node's board block, both copies. Both threads may do so, each on its own: a writer must know which copy
     * of its own block is the older one.
     *
     * @param node the node number
     * @return the block's bytes, {@link BoardGeometry#blockBytes()} of them; valid until this thread's next read
     * @throws IOException if it cannot be read whole, or there is no board
     */
    ByteBuffer readBoardBlock(int node) throws IOException;

    /**
     * Writes one copy of the own board block, as one pwrite of whole sectors.
     *
     * @param node the own node number
     * @param copy 0 or 1
     * @param content at most {@link BoardGeometry#copyBytes()} bytes; the rest of its last sector is zeroed
     * @throws IOException if the write did not complete
     */
    void writeBoardCopy(int node, int copy, ByteBuffer content) throws IOException;

    @Override
    void close();
}
