// SPDX-License-Identifier: Apache-2.0
/** O2CB heartbeat slots: their bytes on disk and the per-region state machine that reads them. */
@NullMarked
package dev.lockstep.heartbeat;

import org.jspecify.annotations.NullMarked;
