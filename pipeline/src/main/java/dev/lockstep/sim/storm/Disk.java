// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import dev.lockstep.board.BlockReading;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotReading;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One region as it is on disk. Readers share what they read, so that the same content is the same object. */
final class Disk implements Held {
    private static final SlotReading BAD = new SlotReading.BadChecksum();
    private static final SlotReading UNUSED = new SlotReading.Good(new SlotBlock(0, 0, Generation.NONE, 0));

    final RegionId id;
    private final List<NodeNumber> nodes;
    private final SlotReading[] slots;
    private final long[] slotWrittenNs;
    private final Block[] blocks;
    private SortedMap<NodeNumber, SlotReading> slotsRead;
    private SortedMap<NodeNumber, BlockReading> boardRead;
    private boolean slotsChanged;
    private boolean boardChanged;
    private boolean wiped;
    private long boardChangedNs = Long.MIN_VALUE;
    private long heldUntilNs;
    private long writesHeldUntilNs;

    Disk(RegionId id, List<NodeNumber> nodes) {
        this.id = id;
        this.nodes = nodes;
        slots = new SlotReading[nodes.size()];
        slotWrittenNs = new long[nodes.size()];
        blocks = new Block[nodes.size()];
        for (int n = 0; n < nodes.size(); n++) {
            slots[n] = UNUSED;
            blocks[n] = new Block();
        }
        slotsRead = readSlots();
        boardRead = readBoard(Long.MAX_VALUE, 0);
    }

    /** Every access to it waits. */
    void hold(long untilNs) {
        heldUntilNs = Math.max(heldUntilNs, untilNs);
    }

    /** Every write to it waits. */
    void holdWrites(long untilNs) {
        writesHeldUntilNs = Math.max(writesHeldUntilNs, untilNs);
    }

    long writesHeldUntilNs() {
        return Math.max(heldUntilNs, writesHeldUntilNs);
    }

    @Override
    public long heldUntilNs() {
        return heldUntilNs;
    }

    void writeSlot(int node, SlotReading says, long nowNs) {
        slotWrittenNs[node] = nowNs;
        putSlot(node, says);
    }

    /** {@return when the node itself wrote its slot last} */
    long slotWrittenNs(int node) {
        return slotWrittenNs[node];
    }

    private void putSlot(int node, SlotReading says) {
        slots[node] = says;
        slotsChanged = true;
    }

    void garbleSlot(int node) {
        putSlot(node, BAD);
    }

    SortedMap<NodeNumber, SlotReading> slots() {
        if (slotsChanged) {
            slotsChanged = false;
            slotsRead = readSlots();
        }
        return slotsRead;
    }

    private SortedMap<NodeNumber, SlotReading> readSlots() {
        SortedMap<NodeNumber, SlotReading> read = new TreeMap<>();
        for (int n = 0; n < slots.length; n++) {
            read.put(nodes.get(n), slots[n]);
        }
        return Collections.unmodifiableSortedMap(read);
    }

    /** One was formatted anew, some time ago. */
    boolean wasWiped() {
        return wiped;
    }

    void wipe(int node, long nowNs) {
        wiped = true;
        changing(node, nowNs).wipe(nowNs);
    }

    /** {@return a node's block, to be changed now} */
    Block changing(int node, long nowNs) {
        boardChanged = true;
        boardChangedNs = nowNs;
        return blocks[node];
    }

    Block block(int node) {
        return blocks[node];
    }

    /** {@return what a reading tells that went over the blocks from one moment to the other} */
    SortedMap<NodeNumber, BlockReading> board(long startedNs, long endedNs) {
        if (boardChangedNs > startedNs) {
            return readBoard(startedNs, endedNs - startedNs);
        }
        if (boardChanged) {
            boardChanged = false;
            boardRead = readBoard(Long.MAX_VALUE, 0);
        }
        return boardRead;
    }

    private SortedMap<NodeNumber, BlockReading> readBoard(long startedNs, long tookNs) {
        SortedMap<NodeNumber, BlockReading> read = new TreeMap<>();
        for (int n = 0; n < blocks.length; n++) {
            long momentNs =
                    startedNs == Long.MAX_VALUE ? startedNs : startedNs + tookNs * (n + 1) / (blocks.length + 1);
            read.put(nodes.get(n), blocks[n].at(momentNs));
        }
        return Collections.unmodifiableSortedMap(read);
    }
}
