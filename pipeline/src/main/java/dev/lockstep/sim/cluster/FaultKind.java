// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

/** What can befall a simulated cluster. */
public enum FaultKind {
    /** A machine's power goes. */
    CRASH,
    /** A machine that is down boots. */
    BOOT,
    /** A machine goes down and is back before its silence could be noticed. */
    FAST_REBOOT,
    /** SIGKILL of an agent. */
    AGENT_KILLED,
    /** An agent starts beside what runs. */
    AGENT_STARTED,
    /** A machine stands still for less than the dead threshold. */
    PAUSE,
    /** A heartbeat session ends and the next begins at once. */
    REGION_RESTARTED,
    /** A heartbeat session ends cleanly. */
    REGION_LEFT,
    /** A heartbeat session begins. */
    REGION_JOINED,
    /** One machine's path to a region hangs. */
    DISK_HANGS,
    /** A region hangs for all. */
    DISK_HANGS_FOR_ALL,
    /** One machine's path to a region fails with EIO. */
    DISK_FAILS,
    /** A report is written by half. */
    WRITE_TORN,
    /** A board block is overwritten with garbage. */
    BLOCK_GARBLED,
    /** Uevents are lost. */
    UEVENTS_LOST,
    /** Wake-ups between two machines are lost. */
    LINK_CUT,
    /** They get through again. */
    LINK_MENDED,
    /** Writes to a lockspace's control file block. */
    CONTROL_BLOCKS,
    /** The kernel's files refuse for a while. */
    KERNEL_REFUSES,
    /** A program creates a lockspace. */
    CREATE,
    /** A program releases a lockspace. */
    RELEASE,
    /** A program releases a lockspace and creates it again at once. */
    REJOIN
}
