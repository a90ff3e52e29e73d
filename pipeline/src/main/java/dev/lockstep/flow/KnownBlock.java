// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.domain.NodeNumber;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A board block as last read and what it says, by its two copies: the same bytes are not decoded again.
 *
 * @param bytes the block's own copy of them
 */
record KnownBlock(ByteBuffer bytes, BlockReading first, BlockReading second, BlockReading newest) {

    /**
     * {@return what {@code block} says, {@code last} itself if that is what it said before}
     *
     * @param block both copies, from its position to its limit; may be reused afterwards
     */
    static KnownBlock of(ByteBuffer block, NodeNumber node, @Nullable KnownBlock last) {
        if (last != null && last.bytes.equals(block)) {
            return last;
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(block.remaining()).put(block.duplicate()).flip();
        int copyBytes = bytes.capacity() / 2;
        BlockReading first = last != null && last.copy(0, copyBytes).equals(bytes.slice(0, copyBytes))
                ? last.first
                : BoardCodec.decodeCopy(bytes.slice(0, copyBytes), node);
        BlockReading second = last != null && last.copy(copyBytes, copyBytes).equals(bytes.slice(copyBytes, copyBytes))
                ? last.second
                : BoardCodec.decodeCopy(bytes.slice(copyBytes, copyBytes), node);
        return new KnownBlock(bytes, first, second, BoardCodec.newest(first, second));
    }

    /** The bytes there, as far as the block had them: one of another size has nothing in common with this. */
    private ByteBuffer copy(int at, int copyBytes) {
        return bytes.capacity() == 2 * copyBytes ? bytes.slice(at, copyBytes) : ByteBuffer.allocate(0);
    }
}
