// SPDX-License-Identifier: Apache-2.0
/** Heartbeat regions on real disks: where their slots and boards lie, how they are made, read, written and shown. */
@NullMarked
package dev.lockstep.region;

import org.jspecify.annotations.NullMarked;
