// SPDX-License-Identifier: Apache-2.0
/** Whether the other machines can be reached over the lock manager's network. */
@NullMarked
package dev.lockstep.links;

import org.jspecify.annotations.NullMarked;
