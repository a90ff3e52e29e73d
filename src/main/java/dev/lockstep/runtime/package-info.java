// SPDX-License-Identifier: Apache-2.0
/** What ties the agent to its machine: its lock, its memory between two lives, the boot id, the service manager. */
@NullMarked
package dev.lockstep.runtime;

import org.jspecify.annotations.NullMarked;
