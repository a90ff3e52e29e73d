// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.testing;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** The memory outside the heap that this process has. */
public final class BufferPools {
    private BufferPools() {}

    /** {@return what direct buffers take; less once the garbage collector has found some that nobody has any more} */
    public static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getTotalCapacity)
                .sum();
    }
}
