// SPDX-License-Identifier: Apache-2.0
/**
 * The reactive shell: sources, debounce, merge, grouping by scope, lanes; and the heartbeat where the kernel does not
 * beat, which goes on without it.
 */
@NullMarked
package dev.lockstep.flow;

import org.jspecify.annotations.NullMarked;
