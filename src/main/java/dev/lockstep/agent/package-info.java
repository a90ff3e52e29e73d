// SPDX-License-Identifier: Apache-2.0
/** The node agent: what the command line starts, and the wiring of all adapters. */
@NullMarked
package dev.lockstep.agent;

import org.jspecify.annotations.NullMarked;
