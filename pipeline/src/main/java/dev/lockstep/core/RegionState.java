// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.sorted.SortedArrayMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is known of one region.
 *
 * @param id the region
 * @param named whether the settings name it
 * @param present whether it is there now
 * @param copyBytes how much a report on its board may take; 0 without a board
 * @param trouble why it cannot be used, or what last failed; empty if nothing
 * @param failures how many reads and writes of the device failed
 * @param beats what its heartbeat slots say
 * @param board what its board says
 * @param own how far this node's own report is
 * @param heard peers that talk about this region, by wake-up
 * @param duplicate another boot writes the own block
 */
public record RegionState(
        RegionId id,
        boolean named,
        boolean present,
        int copyBytes,
        String trouble,
        int failures,
        Beats beats,
        BoardState board,
        OwnReport own,
        SortedMap<NodeNumber, Heard> heard,
        boolean duplicate) {

    /**
     * A peer's wake-up that the board does not bear out yet.
     *
     * @param boot the sender's boot id
     * @param atNs when it came
     */
    public record Heard(BootId boot, long atNs) {}

    public RegionState {
        heard = SortedArrayMap.copyOf(heard);
    }

    static RegionState found(RegionId id, boolean named, int copyBytes, String trouble) {
        return new RegionState(
                id,
                named,
                true,
                copyBytes,
                trouble,
                0,
                Beats.NONE,
                BoardState.UNREAD,
                OwnReport.UNREAD,
                SortedArrayMap.empty(),
                false);
    }

    /** A region that was looked for and not found, and has no past here. */
    static RegionState missing(RegionId id, String why) {
        return found(id, false, 0, why).withPresence(false, 0, why);
    }

    /** What is planned when this region is. */
    Scope scope() {
        return new Scope.OfRegion(id);
    }

    /** {@return whether it has a board} */
    public boolean hasBoard() {
        return copyBytes > 0;
    }

    /** How much a report may take, as measured before where it is being opened again and not measured yet. */
    int room(int foundCopyBytes) {
        return foundCopyBytes == Integer.MAX_VALUE && hasBoard() ? copyBytes : foundCopyBytes;
    }

    /** Whether nothing can come of waiting for it. */
    boolean isNowhere() {
        return !present && !hasBoard();
    }

    /** {@return per configured node, what its slot says} */
    public SortedMap<NodeNumber, SlotState> slots() {
        return beats.slots();
    }

    /** {@return see {@link Beats#stalledAtNs}} */
    public long stalledAtNs() {
        return beats.stalledAtNs();
    }

    /** {@return per configured node, what its block says} */
    public SortedMap<NodeNumber, BlockState> blocks() {
        return board.blocks();
    }

    long readStartedNs() {
        return board.readStartedNs();
    }

    long readAtNs() {
        return board.readAtNs();
    }

    /** {@return whether the own block was read since the agent started} */
    public boolean recalled() {
        return own.recalled();
    }

    /** {@return the own report last handed to the writer} */
    public Optional<Report> submitted() {
        return own.submitted();
    }

    /**
     * {@return lockspaces that the own report lists, or may, though this node takes no part in them: of creates that
     *     were refused since the region had gone. Others wait for them}
     */
    public SortedSet<LockspaceName> leftBehind(State state) {
        SortedSet<LockspaceName> left = new TreeSet<>();
        for (Report report : Stream.of(own.submitted(), own.published())
                .flatMap(Optional::stream)
                .toList()) {
            for (LockspaceEntry entry : report.lockspaces()) {
                LockspaceState here = state.lockspaces().get(entry.name());
                if (entry.phase() != Phase.LEAVING
                        && (here == null || here.phase().isEmpty())) {
                    left.add(entry.name());
                }
            }
        }
        return left;
    }

    long lastSeq() {
        return own.lastSeq();
    }

    /** {@return the own report last known to be on disk} */
    public Optional<Report> published() {
        return own.published();
    }

    /** {@return when the write of the published report had completed} */
    public long publishedAtNs() {
        return own.publishedAtNs();
    }

    SlotState slot(NodeNumber node) {
        return slots().getOrDefault(node, SlotState.UNSEEN);
    }

    BlockState block(NodeNumber node) {
        return board.block(node);
    }

    /** {@return when the last good read of the node's block was begun; -1 before the first} */
    public long readStartedNs(NodeNumber node) {
        return board.readStartedNs(block(node));
    }

    long readStartedNs(BlockState block) {
        return board.readStartedNs(block);
    }

    /** {@return when the last good read of the node's block had completed; -1 before the first} */
    public long readAtNs(NodeNumber node) {
        return board.readAtNs(block(node));
    }

    /**
     * Whether it is known what the node reported, if it ever did. A vacant block tells that it never did only of a node
     * that does not beat: whoever beats is about to report, or did and was wiped, and writes it again when it looks.
     */
    boolean isKnown(NodeNumber node) {
        BlockState block = block(node);
        SlotState slot = slot(node);
        boolean down = slot.status() == SlotState.Status.DOWN && slot.cause() != SlotState.Cause.RESTARTED;
        return block.read() && (block.report().isPresent() || down);
    }

    Optional<Report> report(NodeNumber node) {
        return block(node).report();
    }

    /** The node's report if it was made under the generation that lives here now. */
    Optional<Report> liveReport(NodeNumber node) {
        SlotState slot = slot(node);
        Optional<Report> report = report(node);
        return slot.isLive() && report.isPresent() && report.get().generation().equals(slot.generation())
                ? report
                : Optional.empty();
    }

    Optional<LockspaceEntry> entry(NodeNumber node, LockspaceName lockspace) {
        return report(node).flatMap(r -> r.lockspace(lockspace));
    }

    RegionState withNamed(boolean now) {
        return new RegionState(id, now, present, copyBytes, trouble, failures, beats, board, own, heard, duplicate);
    }

    RegionState withPresence(boolean nowPresent, int nowCopyBytes, String nowTrouble) {
        return new RegionState(
                id, named, nowPresent, nowCopyBytes, nowTrouble, failures, beats, board, own, heard, duplicate);
    }

    /** A call on the device failed. */
    RegionState failing(String what) {
        return new RegionState(id, named, present, copyBytes, what, failures + 1, beats, board, own, heard, duplicate);
    }

    RegionState with(Beats newBeats) {
        return new RegionState(id, named, present, copyBytes, "", failures, newBeats, board, own, heard, duplicate);
    }

    RegionState withBlocks(SortedMap<NodeNumber, BlockState> newBlocks) {
        return withReading(newBlocks, heard, board.readStartedNs(), board.readAtNs());
    }

    /** The board was read; all current blocks are so since then. */
    RegionState withReading(
            SortedMap<NodeNumber, BlockState> newBlocks,
            SortedMap<NodeNumber, Heard> newHeard,
            long startedNs,
            long atNs) {
        BoardState read = new BoardState(newBlocks, startedNs, atNs);
        return new RegionState(id, named, present, copyBytes, trouble, failures, beats, read, own, newHeard, duplicate);
    }

    RegionState with(OwnReport newOwn) {
        return new RegionState(
                id, named, present, copyBytes, trouble, failures, beats, board, newOwn, heard, duplicate);
    }

    RegionState withHeard(SortedMap<NodeNumber, Heard> newHeard) {
        return new RegionState(
                id, named, present, copyBytes, trouble, failures, beats, board, own, newHeard, duplicate);
    }

    RegionState withDuplicate() {
        return new RegionState(id, named, present, copyBytes, trouble, failures, beats, board, own, heard, true);
    }
}
