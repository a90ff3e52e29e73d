// SPDX-License-Identifier: Apache-2.0
/**
 * The core campaign: production cores in virtual time on one thread, without the reactive shell and without bytes, so
 * that a seed takes milliseconds. Whatever the shell does with time is mirrored: readings take time, one write of a
 * report is in flight, one mutation per lane. What must never happen is written down by the kernels' own oracle and by
 * a judge of its own; what may have to wait is known to an oracle that never asks the core.
 */
@NullMarked
package dev.lockstep.sim.storm;

import org.jspecify.annotations.NullMarked;
