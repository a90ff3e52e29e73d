// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import java.time.Duration;

/** The pause before trying again, which doubles with each failure of a row, within the shell's own bounds. */
final class GrowingPause {
    private final FlowSettings settings;
    private Duration last = Duration.ZERO;

    GrowingPause(FlowSettings settings) {
        this.settings = settings;
    }

    /** {@return whether it failed since it last succeeded} */
    boolean inARow() {
        return !last.isZero();
    }

    /** {@return the pause after one more failure} */
    Duration next() {
        Duration doubled = inARow() ? last.multipliedBy(2) : settings.retryAtLeast();
        last = doubled.compareTo(settings.retryAtMost()) > 0 ? settings.retryAtMost() : doubled;
        return last;
    }

    /** It succeeded. */
    void reset() {
        last = Duration.ZERO;
    }
}
