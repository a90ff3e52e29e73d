// SPDX-License-Identifier: Apache-2.0
/** The exhaustive search from the command line. */
@NullMarked
package dev.lockstep.bench.search;

import org.jspecify.annotations.NullMarked;
