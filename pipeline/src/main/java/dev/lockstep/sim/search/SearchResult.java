// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a search ended.
 *
 * @param complete whether every state was met
 * @param states distinct clusters met
 * @param transitions steps between them that change something
 * @param depth most steps from the first cluster to any other on the shortest way
 * @param machines distinct machines met, by their canonical form
 * @param coreRuns how often the core was run: once per machine, event and surroundings
 * @param contents distinct contents of blocks
 * @param quiet how many clusters have nothing left to do but faults
 * @param waits of those clusters, how often a lockspace waited for which reasons
 * @param violation what does not hold
 * @param story the shortest way to it, one step a line; where not all was met, to the last cluster looked into
 */
public record SearchResult(
        boolean complete,
        long states,
        long transitions,
        int depth,
        int machines,
        int coreRuns,
        int contents,
        long quiet,
        Map<String, Long> waits,
        Optional<String> violation,
        List<String> story) {

    public SearchResult {
        waits = Map.copyOf(waits);
        story = List.copyOf(story);
    }
}
