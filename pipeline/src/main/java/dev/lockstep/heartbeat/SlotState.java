// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.heartbeat;

import dev.lockstep.domain.Generation;
import java.util.Optional;

/**
 * What is known of one node in one region: o2hb's slot state machine (fs/ocfs2/cluster/heartbeat.c,
 * o2hb_check_slot), with causes kept apart and silence counted more strictly. Immutable; one {@link #next} per scan.
 *
 * <p>Status and cause:
 *
 * <pre>
 *   UNKNOWN ──2 changes──▶ LIVE ──generation 0──▶ DOWN/LEFT
 *      │                    │ ├──new generation──▶ DOWN/RESTARTED ──1 more change──▶ LIVE
 *      └──silence──▶ DOWN/TIMEOUT ◀──silence──┘
 * </pre>
 *
 * @param status whether the node lives in this region
 * @param cause why it is DOWN; NONE otherwise
 * @param seen whether a valid block was ever read
 * @param seq last hb_seq
 * @param generation last hb_generation; while LIVE, the session that lives
 * @param changed changed samples, as o2hb counts them
 * @param equal counted samples without a change
 * @param lastChangeNs when a change was last observed (start of that scan); when first seen before that
 * @param changeSeenNs when that scan had completed: a scan that took long may have read a beat of any time until then
 * @param movedAfterNs the node beat after it: start of the scan before that change, or of an earlier one if that may
 *     have shown what was old; -1 before the first change
 * @param lastScanNs start of the last scan that read a valid block
 * @param deadMs hb_dead_ms as published by the node
 * @param badChecksums how often the block was invalid
 * @param foreignNumbers how often the block carried another node's number
 */
public record SlotState(
        Status status,
        Cause cause,
        boolean seen,
        long seq,
        Generation generation,
        int changed,
        int equal,
        long lastChangeNs,
        long changeSeenNs,
        long movedAfterNs,
        long lastScanNs,
        long deadMs,
        int badChecksums,
        int foreignNumbers) {

    /** Whether a node lives in a region. */
    public enum Status {
        /** Neither live nor dead: the agent has just begun to look. */
        UNKNOWN,
        /** Its slot moves. */
        LIVE,
        /** It does not live here, see the cause. */
        DOWN
    }

    /** Why a node is DOWN. Only TIMEOUT can prove death. */
    public enum Cause {
        /** Not DOWN. */
        NONE,
        /** Silent past the threshold, counted while our own slot moved. */
        TIMEOUT,
        /** Generation 0: never here, or a clean stop of the region; the machine may run on. */
        LEFT,
        /** A new generation: a fast reboot, or the region stopped and started. */
        RESTARTED
    }

    /** Before the first scan. */
    public static final SlotState UNSEEN =
            new SlotState(Status.UNKNOWN, Cause.NONE, false, 0, Generation.NONE, 0, 0, 0, 0, -1, 0, 0, 0, 0);

    /** o2hb's O2HB_LIVE_THRESHOLD. */
    private static final int LIVE_THRESHOLD = 2;

    /** {@return the generation that lives, if the node does} */
    public Optional<Generation> live() {
        return status == Status.LIVE ? Optional.of(generation) : Optional.empty();
    }

    /** {@return whether the node lives here} */
    public boolean isLive() {
        return status == Status.LIVE;
    }

    /** {@return whether the node is silent past the threshold} */
    public boolean timedOut() {
        return cause == Cause.TIMEOUT;
    }

    /** {@return the same with the count of silence begun anew (rule b: after a stall of our own writes)} */
    public SlotState countingAnew() {
        return with(status, cause, changed, 0);
    }

    /** {@return the same as if it had been seen to change then: nobody watched it since it did} */
    public SlotState watchedSince(long sinceNs) {
        return new SlotState(
                status,
                cause,
                seen,
                seq,
                generation,
                changed,
                equal,
                lastChangeNs,
                sinceNs,
                movedAfterNs,
                lastScanNs,
                deadMs,
                badChecksums,
                foreignNumbers);
    }

    /** {@return the same, whatever was read before the last change being known to be no newer than that} */
    public SlotState movedAfter(long afterNs) {
        return new SlotState(
                status,
                cause,
                seen,
                seq,
                generation,
                changed,
                equal,
                lastChangeNs,
                changeSeenNs,
                afterNs,
                lastScanNs,
                deadMs,
                badChecksums,
                foreignNumbers);
    }

    /**
     * {@return the state after one more scan}
     *
     * @param index the slot's index, for the cross-check of hb_node
     * @param reading what was read
     * @param scanNs when the scan was begun
     * @param seenNs when it had completed
     * @param counts whether this scan counts towards silence (rule b)
     * @param timing when silence is death
     */
    public SlotState next(int index, SlotReading reading, long scanNs, long seenNs, boolean counts, SlotTiming timing) {
        if (reading instanceof SlotReading.Good good) {
            SlotBlock block = good.block();
            boolean foreign = !block.generation().isNone() && block.hbNode() != index;
            return seen
                    ? sampled(block, foreign, scanNs, seenNs, counts, timing)
                    : first(block, foreign, scanNs, seenNs);
        }
        SlotState counted = new SlotState(
                status,
                cause,
                seen,
                seq,
                generation,
                changed,
                equal,
                lastChangeNs,
                changeSeenNs,
                movedAfterNs,
                lastScanNs,
                deadMs,
                badChecksums + 1,
                foreignNumbers);
        // o2hb rule 2: a bad block of a live node is a miss, of any other node nothing at all.
        return status == Status.LIVE && counts ? counted.silent(scanNs, timing) : counted;
    }

    private SlotState first(SlotBlock block, boolean foreign, long scanNs, long seenNs) {
        boolean none = block.generation().isNone();
        return new SlotState(
                none ? Status.DOWN : Status.UNKNOWN,
                none ? Cause.LEFT : Cause.NONE,
                true,
                block.seq(),
                block.generation(),
                0,
                0,
                scanNs,
                seenNs,
                -1,
                scanNs,
                block.deadMs(),
                badChecksums,
                foreignNumbers + (foreign ? 1 : 0));
    }

    private SlotState sampled(
            SlotBlock block, boolean foreign, long scanNs, long seenNs, boolean counts, SlotTiming timing) {
        boolean moved = block.seq() != seq;
        boolean newGeneration = !block.generation().equals(generation);
        boolean none = block.generation().isNone();
        int changes = moved ? Math.min(changed + 1, LIVE_THRESHOLD) : changed;
        Status newStatus = status;
        Cause newCause = cause;
        if (status == Status.LIVE) {
            if (newGeneration) {
                newStatus = Status.DOWN;
                newCause = none ? Cause.LEFT : Cause.RESTARTED;
                changes = moved ? 1 : 0;
            } else if (moved) {
                changes = 0;
            }
        } else if (none) {
            newStatus = Status.DOWN;
            newCause = Cause.LEFT;
        } else if (changes >= LIVE_THRESHOLD) {
            newStatus = Status.LIVE;
            newCause = Cause.NONE;
            changes = 0;
        } else if (newGeneration) {
            newStatus = Status.DOWN;
            newCause = Cause.RESTARTED;
        }
        boolean still = !moved && !newGeneration;
        SlotState read = new SlotState(
                newStatus,
                newCause,
                true,
                block.seq(),
                block.generation(),
                changes,
                still && !none ? equal : 0,
                still ? lastChangeNs : scanNs,
                still ? changeSeenNs : seenNs,
                still ? movedAfterNs : lastScanNs,
                scanNs,
                block.deadMs(),
                badChecksums,
                foreignNumbers + (foreign ? 1 : 0));
        return still && !none && newStatus == status && counts ? read.silent(scanNs, timing) : read;
    }

    private SlotState silent(long scanNs, SlotTiming timing) {
        int silentScans = equal + 1;
        boolean dead = silentScans >= timing.deadThreshold() && scanNs - changeSeenNs >= timing.silenceNs();
        return dead && !generation.isNone()
                ? with(Status.DOWN, Cause.TIMEOUT, 0, silentScans)
                : with(status, cause, changed, silentScans);
    }

    private SlotState with(Status newStatus, Cause newCause, int newChanged, int newEqual) {
        return new SlotState(
                newStatus,
                newCause,
                seen,
                seq,
                generation,
                newChanged,
                newEqual,
                lastChangeNs,
                changeSeenNs,
                movedAfterNs,
                lastScanNs,
                deadMs,
                badChecksums,
                foreignNumbers);
    }
}
