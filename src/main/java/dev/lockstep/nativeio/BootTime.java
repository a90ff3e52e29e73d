// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import dev.lockstep.port.BootClock;
import java.lang.ref.Reference;
import java.nio.ByteOrder;

/** CLOCK_BOOTTIME of this machine. Any thread may ask; a call allocates nothing after a thread's first. */
public final class BootTime implements BootClock {
    private static final int TIMESPEC_BYTES = 16;

    private static final ThreadLocal<AlignedMemory> TIMESPEC =
            ThreadLocal.withInitial(() -> AlignedMemory.allocate(TIMESPEC_BYTES));

    @Override
    public long nowNs() {
        AlignedMemory timespec = TIMESPEC.get();
        try {
            Libc.clock_gettime(Libc.CLOCK_BOOTTIME, timespec.address(0, TIMESPEC_BYTES));
        } catch (LastErrorException e) {
            throw new IllegalStateException("this kernel has no CLOCK_BOOTTIME", e);
        } finally {
            Reference.reachabilityFence(timespec);
        }
        timespec.buffer().order(ByteOrder.nativeOrder());
        return timespec.buffer().getLong(0) * 1_000_000_000L + timespec.buffer().getLong(8);
    }
}
