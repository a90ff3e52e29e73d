// SPDX-License-Identifier: Apache-2.0
/** "Read again": small UDP messages between agents that carry a hint and no facts. */
@NullMarked
package dev.lockstep.wakeups;

import org.jspecify.annotations.NullMarked;
