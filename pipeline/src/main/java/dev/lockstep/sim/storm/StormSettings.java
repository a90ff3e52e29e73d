// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.core.FencePolicy;
import dev.lockstep.core.Guards;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a stormed cluster is made of: three lockspaces in two regions.
 *
 * @param nodes numbered from 1
 * @param lengthNs how long faults strike
 * @param fencing how death is proven
 * @param onlyAgents whether nothing but agents, links and clocks is disturbed, so that no kernel may be told anything
 */
record StormSettings(int nodes, long lengthNs, FencePolicy fencing, boolean onlyAgents) {
    static final long MS = 1_000_000L;
    static final long SECOND = 1000 * MS;
    static final long PERIOD_NS = 2 * SECOND;
    static final int THRESHOLD = 7;
    static final long DEAD_MS = THRESHOLD * PERIOD_NS / MS;

    /** After which silence a node is dead for certain. */
    static final long DEAD_NS = (THRESHOLD + 1) * PERIOD_NS;

    static final long FENCE_TIMEOUT_NS = 15 * SECOND;

    static final List<RegionId> REGIONS = List.of(new RegionId("BLUE"), new RegionId("RED"));
    static final List<LockspaceName> LOCKSPACES =
            List.of(new LockspaceName("apple"), new LockspaceName("beet"), new LockspaceName("cress"));

    private static final int[] GUARD = {1, 1, 0};
    static final Guards GUARDS = new Guards(
            List.of(
                    new Guards.Rule("apple", REGIONS.get(GUARD[0])),
                    new Guards.Rule("beet", REGIONS.get(GUARD[1])),
                    new Guards.Rule("cress", REGIONS.get(GUARD[2]))),
            Guards.FOUND_ONLY);

    /** {@return the region that guards a lockspace, by index} */
    static int guardOf(int lockspace) {
        return GUARD[lockspace];
    }

    /** {@return the index of a lockspace; -1 if it is none of these} */
    static int indexOf(LockspaceName name) {
        return LOCKSPACES.indexOf(name);
    }

    List<NodeNumber> numbers() {
        List<NodeNumber> numbers = new ArrayList<>();
        for (int n = 1; n <= nodes; n++) {
            numbers.add(NodeNumber.of(n));
        }
        return Collections.unmodifiableList(numbers);
    }

    SortedSet<NodeNumber> numberSet() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(numbers()));
    }

    FenceMode fence() {
        return fencing.mode();
    }

    /** {@return within what time all is well again once everything was mended} */
    long patienceNs() {
        long noticed = 2 * DEAD_NS + 40 * SECOND;
        // A command that failed is tried again after up to 80 s, one whose end nobody saw after its timeout.
        return fence() == FenceMode.SELF ? noticed : noticed + 150 * SECOND;
    }
}
