// SPDX-License-Identifier: Apache-2.0
/** The reactive shell: sources, debounce, merge, grouping by scope, lanes. */
@NullMarked
package dev.lockstep.flow;

import org.jspecify.annotations.NullMarked;
