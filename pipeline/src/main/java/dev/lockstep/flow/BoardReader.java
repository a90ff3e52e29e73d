// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence.BoardScanned;
import dev.lockstep.port.BootClock;
import dev.lockstep.port.RegionDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import reactor.core.publisher.Flux;

/** Reads every configured node's board block when its {@link Pace} says so, one reading at a time. */
final class BoardReader {
    private final RegionId region;
    private final SortedSet<NodeNumber> nodes;
    private final RegionIo io;
    private final Pace pace;
    private final BootClock clock;
    /** By node; the read thread's own. */
    private final Map<NodeNumber, Known> known = new HashMap<>();

    /** A block as last read and what it says: the same bytes are not decoded again. */
    private record Known(ByteBuffer bytes, BlockReading reading) {}

    BoardReader(RegionId region, SortedSet<NodeNumber> nodes, RegionIo io, Pace pace, BootClock clock) {
        this.region = region;
        this.nodes = nodes;
        this.io = io;
        this.pace = pace;
        this.clock = clock;
    }

    /**
     * {@return one BoardScanned per reading}
     *
     * <p>One subscriber. Emits on the region's read thread. Beats that fall into a reading, or meet no demand, become
     * one reading after it. Failures are retried and never end it.
     */
    Flux<BoardScanned> readings() {
        return pace.beats().concatMap(beat -> io.untilDone("reading the board", this::read), 0);
    }

    private BoardScanned read(RegionDevice device) throws IOException {
        // Taken before the first block is read: what is written later may be missing from this reading.
        long startedNs = clock.nowNs();
        SortedMap<NodeNumber, BlockReading> blocks = new TreeMap<>();
        for (NodeNumber node : nodes) {
            blocks.put(node, meaning(node, device.readBoardBlock(node.value())));
        }
        return new BoardScanned(clock.nowNs(), startedNs, region, blocks);
    }

    private BlockReading meaning(NodeNumber node, ByteBuffer block) {
        Known last = known.get(node);
        if (last == null || !last.bytes.equals(block)) {
            ByteBuffer copy = ByteBuffer.allocate(block.remaining())
                    .put(block.duplicate())
                    .flip();
            last = new Known(copy, BoardCodec.decode(copy, node));
            known.put(node, last);
        }
        return last.reading;
    }
}
