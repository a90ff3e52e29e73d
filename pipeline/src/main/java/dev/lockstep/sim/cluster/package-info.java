// SPDX-License-Identifier: Apache-2.0
/**
 * A whole simulated cluster from one seed: every node runs the production pipeline, core and reactive shell, on
 * simulated disks, kernels and networks, in virtual time on one thread. Faults befall it, a judge watches it, and the
 * same seed gives the same story again.
 */
@NullMarked
package dev.lockstep.sim.cluster;

import org.jspecify.annotations.NullMarked;
