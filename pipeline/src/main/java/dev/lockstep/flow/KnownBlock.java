// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.domain.NodeNumber;
import java.nio.ByteBuffer;

/**
 * A node's board block as last read and what it says: a copy whose bytes stay the same is not decoded again, and its
 * reading is the same object. For one thread.
 */
final class KnownBlock {
    private final NodeNumber node;
    /** As last read, both copies. */
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    private BlockReading first = new BlockReading.Bad("not read yet");
    private BlockReading second = first;
    private BlockReading newest = first;

    KnownBlock(NodeNumber node) {
        this.node = node;
    }

    /**
     * {@return what {@code block} says}
     *
     * @param block both copies, from its position to its limit, which stay as they are; may be reused afterwards
     */
    BlockReading read(ByteBuffer block) {
        if (bytes.equals(block)) {
            return newest;
        }
        boolean resized = bytes.capacity() != block.remaining();
        if (resized) {
            bytes = ByteBuffer.allocate(block.remaining());
        }
        int copyBytes = bytes.capacity() / 2;
        if (learn(block, 0, copyBytes) || resized) {
            first = BoardCodec.decodeCopy(bytes.slice(0, copyBytes), node);
        }
        if (learn(block, copyBytes, copyBytes) || resized) {
            second = BoardCodec.decodeCopy(bytes.slice(copyBytes, copyBytes), node);
        }
        newest = BoardCodec.newest(first, second);
        return newest;
    }

    /** {@return whether the copy there is another than before} */
    private boolean learn(ByteBuffer block, int at, int copyBytes) {
        ByteBuffer now = block.slice(block.position() + at, copyBytes);
        if (bytes.slice(at, copyBytes).equals(now)) {
            return false;
        }
        bytes.put(at, now, 0, copyBytes);
        return true;
    }
}
