// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.uevent;

/** What comes out of the uevent socket. */
public sealed interface UeventSignal {

    /**
     * An event of fs/dlm.
     *
     * @param uevent the event
     */
    record Received(Uevent uevent) implements UeventSignal {}

    /**
     * A datagram of fs/dlm's that cannot be understood, or one not sent by the kernel. Counted and shown.
     *
     * @param why what is wrong with it, without raw bytes
     */
    record Malformed(String why) implements UeventSignal {}

    /**
     * Events were lost, in the kernel (ENOBUFS) or in our own bounded queue: everything must be read again.
     *
     * @param where which of the two
     */
    record Overflow(String where) implements UeventSignal {}
}
