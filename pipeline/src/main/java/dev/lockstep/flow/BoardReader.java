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
import java.util.ArrayList;
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
    private final SortedArrayMap<NodeNumber, KnownBlock> known;

    BoardReader(RegionId region, SortedArraySet<NodeNumber> nodes, RegionIo io, Pace pace, BootClock clock) {
        this.region = region;
        this.nodes = nodes;
        known = SortedArrayMap.of(nodes, KnownBlock::new);
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
        for (Map.Entry<NodeNumber, KnownBlock> block : known.entrySet()) {
            blocks.add(
                    block.getValue().read(device.readBoardBlock(block.getKey().value())));
        }
        return new BoardScanned(clock.nowNs(), startedNs, region, SortedArrayMap.of(nodes, blocks));
    }
}
