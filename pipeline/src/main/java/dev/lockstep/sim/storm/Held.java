// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

/** Somebody who may stand still for a while: what was to happen then happens later. */
interface Held {
    /** {@return until when nothing of it moves} */
    long heldUntilNs();
}
