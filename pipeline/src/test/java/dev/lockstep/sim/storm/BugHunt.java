// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import java.util.List;

/** Runs seeds until one fails, and makes its story short. Called within a mutant's class loader. */
public final class BugHunt {
    private static final long LENGTH_NS = 60_000_000_000L;

    private BugHunt() {}

    /** {@return what broke, what broke in the short story, and how many faults either has; empty if nothing broke} */
    public static List<Object> found(long first, int seeds) {
        for (long seed = first; seed < first + seeds; seed++) {
            StormTrial.Ending failed = StormTrial.run(Scenario.of(seed, 5, LENGTH_NS), false);
            if (!failed.violations().isEmpty()) {
                Scenario brief = Shrink.of(failed);
                StormTrial.Ending again = StormTrial.run(brief, false);
                return List.of(
                        Shrink.property(failed),
                        Shrink.property(again),
                        failed.scenario().faults().size(),
                        brief.faults().size());
            }
        }
        return List.of();
    }

    /** {@return what breaks first in a seed of two virtual minutes; empty if nothing does} */
    public static String broken(long seed) {
        return Shrink.property(StormTrial.run(Scenario.of(seed, 5, 2 * LENGTH_NS), false));
    }
}
