// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.sorted.SortedArrayMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What one region's board says.
 *
 * @param blocks per configured node, what its block says
 * @param readStartedNs when the last reading of the board was begun; -1 before the first
 * @param readAtNs when it had completed
 */
public record BoardState(SortedMap<NodeNumber, BlockState> blocks, long readStartedNs, long readAtNs) {

    static final BoardState UNREAD = new BoardState(SortedArrayMap.empty(), -1, -1);

    public BoardState {
        blocks = SortedArrayMap.copyOf(blocks);
    }

    BlockState block(NodeNumber node) {
        return blocks.getOrDefault(node, BlockState.UNREAD);
    }

    long readStartedNs(BlockState block) {
        return block.current() ? readStartedNs : block.readStartedNs();
    }

    long readAtNs(BlockState block) {
        return block.current() ? readAtNs : block.readAtNs();
    }

    /** Rule 2: the highest epoch in any block for the lockspace, and the highest floor in any block. */
    Epoch highestEpoch(LockspaceName lockspace) {
        Epoch highest = highestFloor();
        for (BlockState block : blocks.values()) {
            Optional<LockspaceEntry> entry = block.report().flatMap(report -> report.lockspace(lockspace));
            highest = Epoch.max(highest, entry.map(LockspaceEntry::epoch).orElse(Epoch.NONE));
        }
        return highest;
    }

    /** {@return the highest epoch of any lockspace that any block's writer has dropped} */
    Epoch highestFloor() {
        Epoch highest = Epoch.NONE;
        for (BlockState block : blocks.values()) {
            highest = Epoch.max(highest, block.report().map(Report::floor).orElse(Epoch.NONE));
        }
        return highest;
    }

    /**
     * Whether the lockspace may have been started under that epoch by nodes that are not in the view, and is therefore
     * never started under it with this view. What their floors cover may; and so may whoever shows it, or a later one,
     * unless it shows this very epoch with a view that this node is in: it has no other view for it (rule 5), and
     * cannot have started that one, since this node never showed it for this epoch.
     */
    boolean mayBeUsedOutside(View view, NodeNumber self, LockspaceName lockspace, Epoch epoch) {
        for (Map.Entry<NodeNumber, BlockState> block : blocks.entrySet()) {
            if (block.getValue().report().isEmpty() || view.has(block.getKey())) {
                continue;
            }
            Report report = block.getValue().report().get();
            if (!epoch.isAfter(report.floor())) {
                return true;
            }
            Optional<LockspaceEntry> entry = report.lockspace(lockspace);
            if (entry.isPresent() && !epoch.isAfter(entry.get().epoch())) {
                boolean waitsForThisNode = entry.get().epoch().equals(epoch)
                        && entry.get().phase() != Phase.LEAVING
                        && entry.get().nodes().contains(self);
                if (!waitsForThisNode) {
                    return true;
                }
            }
        }
        return false;
    }
}
