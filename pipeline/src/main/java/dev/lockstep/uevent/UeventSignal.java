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
     * An event of a lockspace whose name this agent cannot serve: fs/dlm takes '/' in a name, which configfs, where its
     * members would have to stand, cannot hold. Whoever waits must be answered all the same.
     *
     * @param action what happened
     * @param directory the lockspace's directory in sysfs, which shows '!' for each '/'
     * @param why what is wrong with the name, escaped
     */
    record Unusable(Uevent.Action action, String directory, String why) implements UeventSignal {}

    /**
     * Events were lost, in the kernel (ENOBUFS) or in our own bounded queue: everything must be read again.
     *
     * @param where which of the two
     */
    record Overflow(String where) implements UeventSignal {}
}
