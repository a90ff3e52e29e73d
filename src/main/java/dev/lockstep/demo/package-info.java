// SPDX-License-Identifier: Apache-2.0
/** A cluster in one process, to look at: the agent's own pipeline on real region files and a simulated kernel. */
@NullMarked
package dev.lockstep.demo;

import org.jspecify.annotations.NullMarked;
