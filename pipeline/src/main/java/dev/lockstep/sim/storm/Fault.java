// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import java.util.Optional;

/**
 * One fault as the seed draws it before the run.
 *
 * @param kind what
 * @param atNs from when on, virtual time since the start
 * @param node the machine it befalls, by index
 * @param other another machine, for links and blocks
 * @param region by index
 * @param lockspace by index
 * @param aim the step the lockspace must stand at on that machine when it strikes; empty: whatever there is
 * @param patienceNs how long it waits for that, and then strikes all the same
 * @param lengthNs how long it lasts
 * @param variant decides what else there is to decide
 * @param program whether it is not counted: programs come and go without fault
 */
public record Fault(
        FaultKind kind,
        long atNs,
        int node,
        int other,
        int region,
        int lockspace,
        Optional<Step> aim,
        long patienceNs,
        long lengthNs,
        int variant,
        boolean program) {

    /** {@return the same on another machine} */
    Fault on(int machine) {
        int peer = other == machine ? node : other;
        return new Fault(kind, atNs, machine, peer, region, lockspace, aim, patienceNs, lengthNs, variant, program);
    }

    /** {@return another kind in its place} */
    Fault as(FaultKind instead) {
        return new Fault(instead, atNs, node, other, region, lockspace, aim, patienceNs, lengthNs, variant, program);
    }
}
