// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Regions named twice, and guards that name no region. */
final class RegionConsistency {
    private final Problems problems;

    RegionConsistency(Problems problems) {
        this.problems = problems;
    }

    /**
     * Checks regions against each other, and guards against regions. A region without a name is named by its device,
     * and the kernel may heartbeat in regions that no setting names; a guard is wrong for certain only where all
     * regions have names.
     */
    void check(List<? extends Config> regions, List<? extends Config> guards) {
        Set<String> names = new HashSet<>();
        Map<String, Integer> devices = new HashMap<>();
        boolean allNamed = !regions.isEmpty();
        for (Config region : regions) {
            ConfigOrigin origin = region.root().origin();
            String where = region.getString("device")
                    + (region.hasPath("start-block") ? " " + region.getLong("start-block") : "");
            Integer earlier = devices.putIfAbsent(where, origin.lineNumber());
            if (earlier != null) {
                problems.add(origin, "region " + region.getString("device") + " is already named, line " + earlier);
            }
            if (!region.hasPath("name")) {
                allNamed = false;
            } else if (!names.add(region.getString("name"))) {
                problems.add(origin, "region name " + region.getString("name") + " is used twice");
            }
        }
        Set<String> globs = new HashSet<>();
        for (Config guard : guards) {
            String region = guard.getString("region");
            if (allNamed && !names.contains(region)) {
                problems.add(
                        guard.getValue("region").origin(),
                        "guard of " + guard.getString("lockspace") + " names the unknown region " + region
                                + Suggestion.clause(region, names));
            }
            if (!globs.add(guard.getString("lockspace"))) {
                problems.add(
                        guard.root().origin(),
                        "guard of " + guard.getString("lockspace")
                                + " can never apply: an earlier rule has the same pattern");
            }
        }
    }
}
