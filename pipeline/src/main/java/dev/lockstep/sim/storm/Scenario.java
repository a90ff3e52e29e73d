// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import java.util.List;

/**
 * What a seed draws before anything runs, so that faults can be left out without changing the others.
 *
 * @param seed where it comes from
 * @param settings the cluster
 * @param faults in the order of their times
 */
public record Scenario(long seed, StormSettings settings, List<Fault> faults) {

    public Scenario {
        faults = List.copyOf(faults);
    }

    /**
     * {@return what the seed says}
     *
     * @param nodes how many nodes
     * @param lengthNs how long faults strike
     */
    public static Scenario of(long seed, int nodes, long lengthNs) {
        return new Drawing(seed, nodes, lengthNs).scenario();
    }

    /** {@return the same with other faults} */
    public Scenario with(List<Fault> others) {
        return new Scenario(seed, settings, others);
    }
}
