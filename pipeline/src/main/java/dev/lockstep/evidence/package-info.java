// SPDX-License-Identifier: Apache-2.0
/** Everything the agent can learn, as data; the only way anything enters the core. */
@NullMarked
package dev.lockstep.evidence;

import org.jspecify.annotations.NullMarked;
