// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import java.util.ArrayList;
import java.util.List;

/** Makes the story of a failing seed short: leaves out faults for as long as the same property breaks. */
public final class Shrink {
    private Shrink() {}

    /** {@return a scenario with as few faults as this finds, which fails as {@code failed} did} */
    public static Scenario of(StormTrial.Ending failed) {
        String property = property(failed);
        List<Fault> faults = new ArrayList<>(failed.scenario().faults());
        for (int chunk = Math.max(1, faults.size() / 2); chunk > 0; chunk /= 2) {
            boolean fewer = true;
            while (fewer) {
                fewer = false;
                for (int from = faults.size() - chunk; from >= 0; from -= chunk) {
                    List<Fault> rest = new ArrayList<>(faults);
                    rest.subList(from, Math.min(faults.size(), from + chunk)).clear();
                    if (property(StormTrial.run(failed.scenario().with(rest), false))
                            .equals(property)) {
                        faults = rest;
                        fewer = true;
                    }
                }
            }
        }
        return failed.scenario().with(faults);
    }

    /** {@return the property that broke, the first words of a violation; empty if none did} */
    public static String property(StormTrial.Ending ending) {
        if (ending.violations().isEmpty()) {
            return "";
        }
        String first = ending.violations().get(0);
        return first.replaceAll("\\d+", "#")
                .replaceAll("\\b(apple|beet|cress|BLUE|RED)\\b", "X")
                .split(";", 2)[0];
    }
}
