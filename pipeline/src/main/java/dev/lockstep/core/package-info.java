// SPDX-License-Identifier: Apache-2.0
/** The pure core: observe and plan. No clock, I/O, randomness, threads or logging. */
@NullMarked
package dev.lockstep.core;

import org.jspecify.annotations.NullMarked;
