// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.BoardGeometry;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotCodec;
import dev.lockstep.heartbeat.SlotReading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Who seems to use a region: read once, so a node that died in it looks alive. */
final class Inhabitants {
    private Inhabitants() {}

    /** {@return one line for each slot in a heartbeat session and each report} */
    static List<String> of(ByteSource device, RegionLayout layout) throws IOException {
        List<String> lines = new ArrayList<>(inSlots(device, layout));
        if (layout.board().isPresent()) {
            lines.addAll(onBoard(device, layout.board().get()));
        }
        return lines;
    }

    private static List<String> inSlots(ByteSource device, RegionLayout layout) throws IOException {
        List<String> lines = new ArrayList<>();
        SlotCodec codec = new SlotCodec(layout.slotBytes());
        ByteBuffer slots = device.read(layout.slotStart(), layout.slots() * layout.slotBytes());
        for (int slot = 0; slot < layout.slots(); slot++) {
            SlotReading reading = codec.decode(slots, slot * layout.slotBytes());
            if (reading instanceof SlotReading.Good good
                    && !good.block().generation().isNone()) {
                lines.add("slot " + slot + ": generation " + good.block().generation());
            }
        }
        return lines;
    }

    /** {@return one line for each report} */
    static List<String> onBoard(ByteSource device, BoardGeometry board) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int node = 0; node < board.blocks() && node <= NodeNumber.MAX; node++) {
            ByteBuffer block = device.read(board.offset() + (long) node * board.blockBytes(), board.blockBytes());
            if (BoardCodec.decode(block, NodeNumber.of(node)) instanceof BlockReading.Good good) {
                lines.add("board: report of node " + node + ", seq "
                        + good.report().seq());
            }
        }
        return lines;
    }
}
