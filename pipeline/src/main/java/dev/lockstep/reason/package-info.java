// SPDX-License-Identifier: Apache-2.0
/** Why a lockspace waits: stable codes that a person and a program can read. */
@NullMarked
package dev.lockstep.reason;

import org.jspecify.annotations.NullMarked;
