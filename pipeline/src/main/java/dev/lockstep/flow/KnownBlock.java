// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.domain.NodeNumber;
import java.nio.ByteBuffer;

/**
 * What a node's board block says as last read: a copy that stays the same is not decoded again, and its reading is the
 * same object. For one thread.
 *
 * <p>A copy is the same if it has the same size and the same bytes in use. That cannot be fooled: the length is one of
 * these bytes, and nothing behind it is ever looked at, see {@link BoardCodec#usedBytes}. It is all that is kept, since
 * blocks are many and most of each is empty.
 */
final class KnownBlock {
    private final NodeNumber node;
    private final Copy first = new Copy();
    private final Copy second = new Copy();
    private BlockReading newest = first.says;

    /** One of the two. */
    private static final class Copy {
        private int size = -1;
        private ByteBuffer used = ByteBuffer.allocate(0);
        private BlockReading says = new BlockReading.Bad("not read yet");

        boolean isAt(ByteBuffer block, int at, int copyBytes) {
            return size == copyBytes && used.equals(block.slice(at, used.capacity()));
        }

        void learn(ByteBuffer copy, NodeNumber node) {
            size = copy.remaining();
            int usedBytes = BoardCodec.usedBytes(copy);
            if (used.capacity() != usedBytes) {
                used = ByteBuffer.allocate(usedBytes);
            }
            used.put(0, copy, 0, usedBytes);
            says = BoardCodec.decodeCopy(copy, node);
        }
    }

    KnownBlock(NodeNumber node) {
        this.node = node;
    }

    /**
     * {@return what {@code block} says}
     *
     * @param block both copies, from its position to its limit, which stay as they are; may be reused afterwards
     */
    BlockReading read(ByteBuffer block) {
        int copyBytes = block.remaining() / 2;
        boolean same = know(first, block, block.position(), copyBytes);
        same &= know(second, block, block.position() + copyBytes, copyBytes);
        if (!same) {
            newest = BoardCodec.newest(first.says, second.says);
        }
        return newest;
    }

    /** {@return whether it was known} */
    private boolean know(Copy copy, ByteBuffer block, int at, int copyBytes) {
        if (copy.isAt(block, at, copyBytes)) {
            return true;
        }
        copy.learn(block.slice(at, copyBytes), node);
        return false;
    }
}
