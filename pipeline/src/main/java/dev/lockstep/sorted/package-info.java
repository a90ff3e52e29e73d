// SPDX-License-Identifier: Apache-2.0
/**
 * Small immutable sorted maps and sets in arrays: nodes, regions, lockspaces. The core makes a new state of each piece
 * of evidence; a tree per map of it would be most of the work.
 */
@NullMarked
package dev.lockstep.sorted;

import org.jspecify.annotations.NullMarked;
