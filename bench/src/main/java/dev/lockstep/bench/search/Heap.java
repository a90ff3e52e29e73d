// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.search;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.stream.Stream;

/** How much heap was used at most, with what was not collected yet. */
final class Heap {

    private Heap() {}

    static void forgetPeak() {
        pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    static long peakMiB() {
        return pools().mapToLong(pool -> pool.getPeakUsage().getUsed() >> 20).sum();
    }

    private static Stream<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP);
    }
}
