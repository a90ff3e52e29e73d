// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Regions named twice, or without a slot for each node, and guards that name no region. */
final class RegionConsistency {
    /** A volume's, as o2cb tools and a mount name its region; people write it in either case. */
    static final Pattern UUID = Pattern.compile("[0-9A-Fa-f]{32}");

    private final List<Placed<Node>> nodes;
    private final Problems problems;

    RegionConsistency(List<Placed<Node>> nodes, Problems problems) {
        this.nodes = List.copyOf(nodes);
        this.problems = problems;
    }

    /**
     * Checks regions against each other, and guards against regions. A region without a name is named by its device,
     * and the kernel may heartbeat in regions that no setting names; a guard is taken for a mistake only where all
     * regions have names, and its own is none that the o2cb tools or a volume's mount would give.
     *
     * @param othersSetUp whether the kernel's regions are somebody else's work, so that each may have any name
     */
    void check(List<? extends Config> regions, List<? extends Config> guards, boolean othersSetUp) {
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
            slots(region);
            if (!region.hasPath("name")) {
                allNamed = false;
            } else if (!names.add(region.getString("name"))) {
                problems.add(origin, "region name " + region.getString("name") + " is used twice");
            }
        }
        Set<String> globs = new HashSet<>();
        for (Config guard : guards) {
            String region = guard.getString("region");
            boolean isListed = names.contains(region); // case counts but in a volume's UUID
            if (allNamed && !isListed && !othersSetUp && !UUID.matcher(region).matches()) {
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

    private void slots(Config region) {
        if (!region.hasPath("slots")) {
            return;
        }
        int slots = region.getInt("slots");
        String without = nodes.stream()
                .map(Placed::value)
                .filter(node -> node.number().value() >= slots)
                .map(node -> node.name() + " (" + node.number() + ")")
                .collect(Collectors.joining(", "));
        if (!without.isEmpty()) {
            problems.add(
                    region.getValue("slots").origin(),
                    "region " + region.getString("device") + " has slots for nodes 0 to " + (slots - 1)
                            + ", and none for " + without);
        }
    }
}
