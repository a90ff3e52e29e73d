// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import org.jspecify.annotations.Nullable;

/**
 * Something that can happen to one machine next.
 *
 * @param kind what
 * @param region in which region, 0 if in none
 * @param which which nodes, as bits, or which lockspace; 0 if neither
 */
@SuppressWarnings("EnumOrdinal") // numbers for one search, kept nowhere
record Event(Kind kind, int region, int which) {

    /** What can happen. */
    enum Kind {
        /** The machine boots, and its agent starts. */
        BOOT,
        /** The machine crashes. */
        CRASH,
        /** The reset that the core ordered. */
        RESET,
        /** The agent dies; {@code which} has the lockspaces whose write to the kernel is carried out before. */
        AGENT_DIES,
        /** The agent starts. */
        AGENT_STARTS,
        /** An application creates lockspace {@code which}. */
        CREATE,
        /** An application releases lockspace {@code which}. */
        RELEASE,
        /** The heartbeat begins anew. */
        REGION_RESTARTS,
        /** The heartbeat is stopped. */
        REGION_STOPS,
        /** The report being written is on the disk. */
        LANDS,
        /** The end of that write is noticed. */
        PUBLISHED,
        /** The board is read at one instant, but for the nodes in {@code which}, whose blocks are torn. */
        READ,
        /** A slow reading begins. */
        SLOW_BEGINS,
        /** The slow reading reads its next block. */
        SLOW_READS,
        /** The slow reading is delivered. */
        SLOW_ENDS,
        /** The slots of the nodes in {@code which} and the own are seen as they are. */
        SAMPLE,
        /** The nodes in {@code which} are silent past the threshold. */
        SILENCE,
        /** The own heartbeat does not advance for so long that the node must go. */
        STALL,
        /** The mutation in the lane of lockspace {@code which} is carried out. */
        LANE,
        /** The kernel's recovery of lockspace {@code which} takes the members in. */
        TAKES_IN,
        /** So much time passes that a reset, or a stop of what just started, waits no longer. */
        LATE,
        /** The clock ticks, and everything is planned anew. */
        TICK,
        /** The next uevent will be lost. */
        LOSE,
        /** The kernel is read since uevents were lost. */
        KERNEL_READ,
        /** The machine's block is wiped. */
        WIPE,
        /** The machine's block is garbled. */
        GARBLE;

        /** Whether what it makes of its machine depends on anything else. */
        boolean looksAround() {
            return this == READ || this == SLOW_READS || this == SAMPLE || this == SILENCE;
        }
    }

    Event(Kind kind) {
        this(kind, 0, 0);
    }

    int code() {
        return (kind.ordinal() << 8) | (region << 6) | which;
    }

    /** {@return the fault whose budget it takes from} */
    @Nullable Fault fault() {
        return switch (kind) {
            case BOOT -> Fault.REBOOT;
            case CRASH -> Fault.CRASH;
            case AGENT_DIES -> Fault.AGENT_RESTART;
            case RELEASE -> Fault.LEAVE;
            case REGION_RESTARTS -> Fault.REGION_RESTART;
            case REGION_STOPS -> Fault.LEFT;
            case READ -> which == 0 ? null : Fault.TORN;
            case SLOW_BEGINS -> Fault.SLOW_READING;
            case STALL -> Fault.PAUSE;
            case LOSE -> Fault.LOST_UEVENT;
            case WIPE -> Fault.WIPED;
            case GARBLE -> Fault.GARBLED;
            default -> null;
        };
    }
}
