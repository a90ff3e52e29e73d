// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

/** CLOCK_BOOTTIME: monotonic, and goes on while the machine sleeps. */
@FunctionalInterface
public interface BootClock {

    /** {@return nanoseconds since boot} */
    long nowNs();
}
