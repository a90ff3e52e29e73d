// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

/** What can befall the cluster. */
public enum FaultKind {
    /** A machine's power goes. */
    CRASH(Reach.MACHINE),
    /** A machine that is down boots. */
    BOOT(Reach.MACHINE),
    /** A machine goes down and is back before its silence could be noticed. */
    FAST_REBOOT(Reach.MACHINE),
    /** SIGKILL of an agent. */
    AGENT_KILLED(Reach.MACHINE),
    /** SIGKILL of an agent while a change to the kernel is on its way, or about to be. */
    AGENT_KILLED_ACTING(Reach.MACHINE),
    /** An agent starts beside what runs. */
    AGENT_STARTED(Reach.MACHINE),
    /** An agent does not get to run for a while. */
    AGENT_STALLS(Reach.MACHINE),
    /** What an agent has to remember cannot be written down. */
    MEMORY_UNSAVED(Reach.MACHINE),
    /** A machine stands still for less than the dead threshold. */
    PAUSE(Reach.MACHINE),
    /** A machine stands still for longer, with its clock or without. */
    PAUSE_LONG(Reach.MACHINE),
    /** The wall clock steps, and one beat may say what the last one said. */
    CLOCK_STEP(Reach.MACHINE),
    /** Uevents are lost. */
    UEVENTS_LOST(Reach.MACHINE),
    /** Uevents come twice. */
    UEVENTS_DOUBLED(Reach.MACHINE),
    /** A uevent is overtaken by the next one. */
    UEVENTS_REORDERED(Reach.MACHINE),
    /** The network between two machines is cut. */
    LINK_CUT(Reach.MACHINE),
    /** What one machine sends no longer reaches another. */
    LINK_CUT_ONE_WAY(Reach.MACHINE),
    /** All links of a machine are whole again. */
    LINKS_MENDED(Reach.MACHINE),
    /** The network falls into two halves until the kernels' quorum rule resets one of them. */
    QUORUM_LOST(Reach.MACHINE),
    /** Wake-ups to a machine are lost. */
    WAKE_UPS_LOST(Reach.MACHINE),
    /** Wake-ups to a machine are late. */
    WAKE_UPS_LATE(Reach.MACHINE),
    /** The kernel's files refuse for a while. */
    KERNEL_REFUSES(Reach.MACHINE),
    /** A machine's fence command fails, before or after it did its work. */
    FENCE_FAILS(Reach.MACHINE),
    /** A machine's fence command takes longer than it may. */
    FENCE_HANGS(Reach.MACHINE),
    /** An administrator vouches for the death of a machine that is off. */
    FENCE_ACKNOWLEDGED(Reach.MACHINE),
    /** A heartbeat session ends and the next begins at once. */
    REGION_RESTARTED(Reach.REGION),
    /** A heartbeat session ends cleanly. */
    REGION_LEFT(Reach.REGION),
    /** A region is taken away from a machine. */
    REGION_GONE(Reach.REGION),
    /** A heartbeat session begins. */
    REGION_JOINED(Reach.REGION),
    /** One machine's path to a region hangs. */
    DISK_HANGS(Reach.REGION),
    /** A region hangs for all. */
    DISK_HANGS_FOR_ALL(Reach.REGION),
    /** A region takes no writes for a while, and can still be read: nobody beats there. */
    WRITES_HANG_FOR_ALL(Reach.REGION),
    /** One machine's path to a region fails with EIO. */
    DISK_FAILS(Reach.REGION),
    /** One machine's readings take long. */
    READS_SLOW(Reach.REGION),
    /** One machine is told for a while what the whole disk held before. */
    READS_STALE(Reach.REGION),
    /** A report is written by half. */
    WRITE_TORN(Reach.REGION),
    /** A report is written into another node's block. */
    WRITE_ASTRAY(Reach.REGION),
    /** A board block is overwritten with garbage. */
    BLOCK_GARBLED(Reach.REGION),
    /** A board block is formatted anew. */
    BLOCK_WIPED(Reach.REGION),
    /** A heartbeat slot is overwritten with garbage. */
    SLOT_GARBLED(Reach.REGION),
    /** Writes to a lockspace's control file block. */
    CONTROL_BLOCKS(Reach.LOCKSPACE),
    /** A program creates a lockspace. */
    CREATE(Reach.LOCKSPACE),
    /** A program releases a lockspace. */
    RELEASE(Reach.LOCKSPACE),
    /** A program releases a lockspace and creates it again at once. */
    REJOIN(Reach.LOCKSPACE);

    /** Whose lockspaces a fault of a kind meets. */
    enum Reach {
        /** All of a machine. */
        MACHINE,
        /** Those that a region guards. */
        REGION,
        /** One. */
        LOCKSPACE
    }

    private final Reach reach;

    FaultKind(Reach reach) {
        this.reach = reach;
    }

    /** {@return what can befall a machine where this can befall none} */
    FaultKind instead() {
        return switch (this) {
            case BOOT, FENCE_ACKNOWLEDGED -> FAST_REBOOT;
            case AGENT_STARTED -> AGENT_KILLED;
            case AGENT_KILLED, AGENT_KILLED_ACTING, AGENT_STALLS, MEMORY_UNSAVED -> AGENT_STARTED;
            case UEVENTS_LOST, UEVENTS_DOUBLED, UEVENTS_REORDERED -> AGENT_STARTED;
            case REGION_JOINED -> REGION_RESTARTED;
            case REGION_RESTARTED, REGION_LEFT, REGION_GONE -> REGION_JOINED;
            default -> BOOT;
        };
    }

    Reach reach() {
        return reach;
    }
}
