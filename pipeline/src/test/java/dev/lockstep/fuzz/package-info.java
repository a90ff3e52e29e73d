// SPDX-License-Identifier: Apache-2.0
/** Damaged input from a seed, for the parsers of every module. */
@NullMarked
package dev.lockstep.fuzz;

import org.jspecify.annotations.NullMarked;
