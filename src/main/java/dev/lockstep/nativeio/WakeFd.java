// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import java.lang.ref.Reference;
import java.nio.ByteOrder;

/**
 * An eventfd that ends a poll(2): a thread in a blocking call survives both interrupt() and close(). One thread polls;
 * {@link #wakeUp} and {@link #close} may come from any.
 */
final class WakeFd implements AutoCloseable {
    private static final int COUNTER_BYTES = 8;

    private final Descriptor eventfd;
    private final AlignedMemory one = AlignedMemory.allocate(COUNTER_BYTES);
    private final AlignedMemory counter = AlignedMemory.allocate(COUNTER_BYTES);

    private WakeFd(Descriptor eventfd) {
        this.eventfd = eventfd;
        one.buffer().order(ByteOrder.nativeOrder()).putLong(0, 1);
    }

    /**
     * Makes one.
     *
     * @param of what is polled beside it
     * @throws NativeFailure if the kernel gives none
     */
    static WakeFd create(String of) throws NativeFailure {
        try {
            return new WakeFd(
                    new Descriptor(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd of " + of));
        } catch (LastErrorException e) {
            throw Descriptor.failure("eventfd", e, of);
        }
    }

    /** {@return the number to poll, until {@link #leave}} */
    int enter() throws NativeFailure {
        return eventfd.enter();
    }

    void leave() {
        eventfd.leave();
    }

    /**
     * Takes the wake-ups that the poll has told of, so that it tells of the next one.
     *
     * @param fd what {@link #enter} gave
     */
    void take(int fd) {
        try {
            Libc.read(fd, counter.address(0, COUNTER_BYTES), COUNTER_BYTES);
        } finally {
            Reference.reachabilityFence(counter);
        }
    }

    /** Ends a poll that waits, or the next one. */
    void wakeUp() {
        try {
            int fd = enter();
            try {
                Libc.write(fd, one.address(0, COUNTER_BYTES), COUNTER_BYTES);
            } finally {
                Reference.reachabilityFence(one);
                leave();
            }
        } catch (LastErrorException | NativeFailure e) {
            // A full counter or a closed descriptor: whoever polls is woken already.
            return;
        }
    }

    @Override
    public void close() {
        eventfd.close();
    }
}
