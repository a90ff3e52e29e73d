// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Memory;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedSet;

/**
 * The pure core's two functions, and what the shell derives from its state. No clock, I/O or randomness: the
 * same state and evidence always give the same result, so a simulator can run them a million times. Not tied to a
 * thread, but one state has one owner.
 */
public final class Core {

    private Core() {}

    /** {@return the state before any evidence} */
    public static State initial(ClusterFacts facts) {
        return State.initial(facts);
    }

    /** {@return what {@code evidence} makes of {@code state}} */
    public static Observed observe(State state, Evidence evidence) {
        return Observe.apply(state, evidence);
    }

    /** {@return every scope there is} */
    public static Set<Scope> scopes(State state) {
        Set<Scope> scopes = new LinkedHashSet<>();
        scopes.add(Scope.OfNode.NODE);
        state.regions().keySet().forEach(region -> scopes.add(new Scope.OfRegion(region)));
        return scopes;
    }

    /** {@return what shall happen in {@code scope} now} */
    public static Planned plan(State state, Scope scope) {
        return Plan.of(state, scope);
    }

    /**
     * {@return regions in OCFS2 volumes that lockspaces are named by: to be started where they do not run, and then
     * offered to the core by RegionUnneeded before they are stopped}
     */
    public static SortedSet<RegionId> volumesWanted(State state) {
        return VolumeRegions.wanted(state);
    }

    /** {@return what a successor agent has to know; save it whenever it changed, and before every Start} */
    public static Memory memory(State state) {
        return Recall.memoryOf(state);
    }
}
