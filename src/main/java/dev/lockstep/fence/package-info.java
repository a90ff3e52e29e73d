// SPDX-License-Identifier: Apache-2.0
/** How a node goes down for good when it must: by its own reset, or by the command that others run. */
@NullMarked
package dev.lockstep.fence;

import org.jspecify.annotations.NullMarked;
