// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.RegionId;

/** What is planned at once: one region with its lockspaces, or what spans regions. */
public sealed interface Scope {

    /**
     * A region, its board and the lockspaces it guards.
     *
     * @param region the region
     */
    record OfRegion(RegionId region) implements Scope {}

    /** The node: comms, death over all regions, the order to go, lockspaces without a guard. */
    record OfNode() implements Scope {
        /** The only one. */
        public static final OfNode NODE = new OfNode();
    }
}
