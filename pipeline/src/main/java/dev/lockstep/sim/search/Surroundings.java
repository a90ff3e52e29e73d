// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.Report;
import java.util.List;

/**
 * What a machine finds outside itself when an event happens to it.
 *
 * @param blocks of the event's region, per node in ascending order: the block as a reading shows it
 * @param slots of the event's region, per node in ascending order: {@link Machine.Beat#code}
 */
record Surroundings(List<Block> blocks, List<Integer> slots) {

    /** A block on the disk. */
    sealed interface Block {
        /**
         * A report.
         *
         * @param report what it says
         */
        record Holds(Report report) implements Block {}

        /** Never written. */
        record Vacant() implements Block {}

        /** Wiped: vacant to its node and to whoever has read a report there, unreadable to others. */
        record Wiped() implements Block {}

        /** Unreadable. */
        record Garbled() implements Block {}
    }

    static final Block VACANT = new Block.Vacant();
    static final Block WIPED = new Block.Wiped();
    static final Block GARBLED = new Block.Garbled();

    Surroundings {
        blocks = List.copyOf(blocks);
        slots = List.copyOf(slots);
    }
}
