// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.uevent.Uevent;
import dev.lockstep.uevent.UeventSignal;
import java.util.concurrent.atomic.AtomicLong;

/** How many uevents came, and how many could not be used, since the pipeline was made. For any thread. */
public final class UeventTally {
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong malformed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();

    UeventTally() {}

    /** {@return events of fs/dlm that were understood} */
    public long received() {
        return received.get();
    }

    /** {@return datagrams that were not understood, or not the kernel's} */
    public long malformed() {
        return malformed.get();
    }

    /** {@return creates that were refused, because their lockspace's name cannot be served} */
    public long refused() {
        return refused.get();
    }

    /** {@return how many times events were lost, whatever their number} */
    public long lost() {
        return lost.get();
    }

    /** {@return whether this one is worth a line: the first of its kind, then ever fewer, so that none floods a log} */
    boolean count(UeventSignal signal) {
        if (signal instanceof UeventSignal.Unusable of && of.action() != Uevent.Action.ONLINE) {
            return false;
        }
        return Long.bitCount(counter(signal).incrementAndGet()) == 1;
    }

    private AtomicLong counter(UeventSignal signal) {
        if (signal instanceof UeventSignal.Received) {
            return received;
        }
        if (signal instanceof UeventSignal.Unusable) {
            return refused;
        }
        return signal instanceof UeventSignal.Malformed ? malformed : lost;
    }
}
