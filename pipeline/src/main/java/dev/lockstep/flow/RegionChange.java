// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.RegionId;
import dev.lockstep.port.RegionDevice;
import java.io.IOException;
import java.time.Duration;

/** A region comes or goes. */
public sealed interface RegionChange {

    /** {@return the region} */
    RegionId region();

    /**
     * A region is there; replaces what was said of it before.
     *
     * @param named whether the settings name it
     * @param period its heartbeat's period: slots are read twice as often, the board as often while all is quiet
     * @param opener opens its device; called once for reads and once for writes, and again after each failure
     * @param trouble why it cannot be used yet, empty if it can
     */
    record Attached(RegionId region, boolean named, Duration period, Opener opener, String trouble)
            implements RegionChange {
        public Attached {
            if (period.isNegative() || period.isZero()) {
                throw new IllegalArgumentException("heartbeat period " + period + " of region " + region);
            }
        }
    }

    /**
     * A region is gone.
     *
     * @param why what was seen
     */
    record Detached(RegionId region, String why) implements RegionChange {}

    /** Opens a region's device; may block. */
    @FunctionalInterface
    interface Opener {

        /**
         * {@return the device, open; the caller closes it}
         *
         * @throws IOException if it cannot be opened or is not what it should be
         */
        RegionDevice open() throws IOException;
    }
}
