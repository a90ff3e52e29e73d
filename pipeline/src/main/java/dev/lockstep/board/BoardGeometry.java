// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

/**
 * Where a board lies on its device. Block n, for node n, starts at {@code offset + n × blockBytes} and holds two
 * copies of half its size each.
 *
 * @param offset byte offset of block 0 on the device, a multiple of 4096
 * @param blockBytes bytes per node: a multiple of twice the sector size
 * @param blocks number of blocks; nodes numbered beyond it have no room
 */
public record BoardGeometry(long offset, int blockBytes, int blocks) {

    public BoardGeometry {
        if (offset < 0 || offset % 4096 != 0) {
            throw new IllegalArgumentException("board offset " + offset + " is not a multiple of 4096");
        }
        if (blockBytes < 2048 || blockBytes % 1024 != 0 || blockBytes > 1 << 20) {
            throw new IllegalArgumentException("board block of " + blockBytes + " bytes");
        }
        if (blocks < 1 || blocks > 255) {
            throw new IllegalArgumentException("board with " + blocks + " blocks");
        }
    }

    /** {@return bytes of one copy} */
    public int copyBytes() {
        return blockBytes / 2;
    }
}
