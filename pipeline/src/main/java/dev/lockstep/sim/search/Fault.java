// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

/** What may go wrong, each kind as often as its budget says. */
public enum Fault {
    /** A machine stops for good, with whatever it was doing. */
    CRASH,
    /** A machine that is down boots again. */
    REBOOT,
    /** An agent is killed; another one starts at any time after. */
    AGENT_RESTART,
    /** A node's heartbeat begins anew in one region, at once or after it had left. */
    REGION_RESTART,
    /** A node's heartbeat is stopped cleanly in one region: generation 0. */
    LEFT,
    /** A lockspace is released on one node. */
    LEAVE,
    /** A node counts another one as silent that beats. */
    FALSE_VERDICT,
    /** A node's own heartbeat does not advance until the node itself says that it must go. */
    PAUSE,
    /** One block cannot be read in one reading. */
    TORN,
    /** A block is wiped: it reads as if nobody had ever reported there, but by whoever has not read it before. */
    WIPED,
    /** A block is unreadable until it is written again. */
    GARBLED,
    /** One uevent is lost, and the loss is noticed. */
    LOST_UEVENT,
    /** One reading of the board in which every block is read in a step of its own, and delivered in another. */
    SLOW_READING;

    /** A budget that is never used up. */
    public static final int UNLIMITED = 15;
}
