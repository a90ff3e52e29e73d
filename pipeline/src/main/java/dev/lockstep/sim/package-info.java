// SPDX-License-Identifier: Apache-2.0
/** A cluster without machines: the world behind the ports, in memory, with faults on demand. */
@NullMarked
package dev.lockstep.sim;

import org.jspecify.annotations.NullMarked;
