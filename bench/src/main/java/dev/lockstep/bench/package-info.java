// SPDX-License-Identifier: Apache-2.0
/** Microbenchmarks, one class per question; none of this is shipped. */
@NullMarked
package dev.lockstep.bench;

import org.jspecify.annotations.NullMarked;
