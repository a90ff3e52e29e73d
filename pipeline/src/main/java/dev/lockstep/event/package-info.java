// SPDX-License-Identifier: Apache-2.0
/** The event log's records: evidence changes, decisions, mutations and results. */
@NullMarked
package dev.lockstep.event;

import org.jspecify.annotations.NullMarked;
