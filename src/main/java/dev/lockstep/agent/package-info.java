// SPDX-License-Identifier: Apache-2.0
/**
 * The node agent: what the command line starts, the wiring of all adapters, and the keeping of regions: which there
 * are, which heartbeats it starts and stops, and that nobody else beats under its number.
 */
@NullMarked
package dev.lockstep.agent;

import org.jspecify.annotations.NullMarked;
