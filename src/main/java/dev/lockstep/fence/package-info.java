// SPDX-License-Identifier: Apache-2.0
/** How a node goes down for good when it must. */
@NullMarked
package dev.lockstep.fence;

import org.jspecify.annotations.NullMarked;
