// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.evidence;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.uevent.Uevent;
import java.util.SortedMap;

/**
 * Anything observed. Each piece says when, as nanoseconds of CLOCK_BOOTTIME: the core has no other clock. All are
 * immutable; maps in them must not be changed after construction.
 */
public sealed interface Evidence {

    /** {@return when it was observed, CLOCK_BOOTTIME nanoseconds} */
    long atNs();

    /** Evidence on one region. */
    sealed interface OfRegion extends Evidence {
        /** {@return the region} */
        RegionId region();
    }

    /**
     * The agent starts: what its predecessor left and what the kernel runs. Comes once. Nothing is planned before it,
     * and RegionFound for every region known by configuration or discovery must come before it, so that no lockspace
     * is judged by half of the regions.
     *
     * @param memory the predecessor's memory, blank on a new boot
     * @param kernel the kernel as read after the uevent socket was opened
     */
    record Started(long atNs, Memory memory, KernelSnapshot kernel) implements Evidence {}

    /** Time passed. Nothing is dirty for it: a plan says itself when it is due. */
    record Tick(long atNs) implements Evidence {}

    /**
     * A region is there, or its facts changed.
     *
     * @param named whether the settings name it; else it was found to beat, or a lockspace is named by it
     * @param copyBytes bytes of one copy of a block on its board; 0 if no board was found for it
     * @param trouble why it cannot be used yet (no board, wrong disk, …), empty if it can
     */
    record RegionFound(long atNs, RegionId region, boolean named, int copyBytes, String trouble) implements OfRegion {
        /**
         * A region of the settings whose board is not measured.
         *
         * @param hasBoard whether it has one, or may
         */
        public RegionFound(long atNs, RegionId region, boolean hasBoard, String trouble) {
            this(atNs, region, true, hasBoard ? Integer.MAX_VALUE : 0, trouble);
        }

        /** {@return whether a board was found for it} */
        public boolean hasBoard() {
            return copyBytes > 0;
        }
    }

    /**
     * A region is gone: its configfs directory or its device was taken away.
     *
     * @param why what was seen
     */
    record RegionGone(long atNs, RegionId region, String why) implements OfRegion {}

    /**
     * A region that the core wants started cannot be: nothing shall wait for it.
     *
     * @param why what was found instead
     */
    record RegionMissing(long atNs, RegionId region, String why) implements OfRegion {}

    /**
     * A region that was started for lockspaces, or sought for them, is offered for stopping, since none is named by it
     * any more. The core takes the offer, and counts it as gone, unless something needs it.
     */
    record RegionUnneeded(long atNs, RegionId region) implements OfRegion {}

    /**
     * All configured nodes' slots were read once.
     *
     * @param startedNs when the read was begun; what was written later may be missing
     * @param slots one reading per configured node
     */
    record SlotsScanned(long atNs, long startedNs, RegionId region, SortedMap<NodeNumber, SlotReading> slots)
            implements OfRegion {}

    /** The slots or the board could not be read or written. No sample, no news; shown. */
    record RegionFailing(long atNs, RegionId region, String what) implements OfRegion {}

    /**
     * All configured nodes' board blocks were read once, the own one included.
     *
     * @param startedNs when the read was begun
     * @param blocks one reading per configured node
     */
    record BoardScanned(long atNs, long startedNs, RegionId region, SortedMap<NodeNumber, BlockReading> blocks)
            implements OfRegion {}

    /**
     * The own report was handed to the board's writer; from here on it may be on disk.
     *
     * @param report the report, its seq included
     */
    record ReportSubmitted(long atNs, Report report) implements OfRegion {
        @Override
        public RegionId region() {
            return report.region();
        }
    }

    /**
     * The write of the own report has completed.
     *
     * @param report the report, its seq included
     */
    record ReportPublished(long atNs, Report report) implements OfRegion {
        @Override
        public RegionId region() {
            return report.region();
        }
    }

    /** A uevent of fs/dlm arrived. */
    record UeventReceived(long atNs, Uevent uevent) implements Evidence {}

    /**
     * Something arrived that cannot be understood, or not be served. Counted and shown; nothing else follows from it.
     *
     * @param what the kind of it, without what an attacker may choose: it is counted by this text
     */
    record BadInput(long atNs, String what) implements Evidence {}

    /**
     * The whole kernel was read: after lost uevents, and now and then.
     *
     * @param startedNs when the read was begun
     * @param afterOverflow uevents were lost before it; unanswered ones were decided from the kernel
     */
    record KernelRead(long atNs, long startedNs, KernelSnapshot kernel, boolean afterOverflow) implements Evidence {}

    /**
     * recover_status and recover_nodeid of one lockspace were read.
     *
     * @param readStartedNs when the read was begun: a status read before the last start says nothing about it
     */
    record RecoveryRead(long atNs, long readStartedNs, LockspaceName lockspace, int status, int nodeid)
            implements Evidence {}

    /** A mutation was handed to its lane. */
    record Dispatched(long atNs, Mutation mutation) implements Evidence {}

    /** A mutation has ended. */
    record Applied(long atNs, Mutation mutation, Outcome outcome) implements Evidence {}

    /** A peer talked about a region; if it is absent from our board the disks are not the same disk. */
    record PeerHeard(long atNs, RegionId region, NodeNumber node, BootId boot) implements OfRegion {}

    /**
     * A peer's DLM address was probed, not over the DLM's own port.
     *
     * @param answered whether the peer's machine answered in time
     */
    record PeerProbed(long atNs, NodeNumber node, boolean answered) implements Evidence {}

    /** An administrator vouches that this life of a node is dead. */
    record FenceAcknowledged(long atNs, NodeNumber node, BootId boot) implements Evidence {}

    /** The core's own decision, see dev.lockstep.core. */
    record Decided(long atNs, Decision decision) implements Evidence {}
}
