// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.board.BlockReading;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence.BoardScanned;
import dev.lockstep.port.BootClock;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.sorted.SortedArrayMap;
import dev.lockstep.sorted.SortedArraySet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads every configured node's board block when its {@link Pace} says so, one reading at a time. */
final class BoardReader {
    private final RegionId region;
    private final SortedArraySet<NodeNumber> nodes;
    private final RegionIo io;
    private final Pace pace;
    private final BootClock clock;
    /** By node; the read thread's own. */
    private final Map<NodeNumber, KnownBlock> known = new HashMap<>();

    BoardReader(RegionId region, SortedArraySet<NodeNumber> nodes, RegionIo io, Pace pace, BootClock clock) {
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
        Mono<BoardScanned> reading = io.untilDone("reading the board", this::read);
        return pace.beats().concatMap(beat -> reading, 0);
    }

    private BoardScanned read(RegionDevice device) throws IOException {
        // Taken before the first block is read: what is written later may be missing from this reading.
        long startedNs = clock.nowNs();
        List<BlockReading> blocks = new ArrayList<>(nodes.size());
        for (NodeNumber node : nodes) {
            blocks.add(meaning(node, device.readBoardBlock(node.value())));
        }
        return new BoardScanned(clock.nowNs(), startedNs, region, SortedArrayMap.of(nodes, blocks));
    }

    private BlockReading meaning(NodeNumber node, ByteBuffer block) {
        KnownBlock before = known.get(node);
        KnownBlock now = KnownBlock.of(block, node, before);
        if (now != before) {
            known.put(node, now);
        }
        return now.newest();
    }
}
