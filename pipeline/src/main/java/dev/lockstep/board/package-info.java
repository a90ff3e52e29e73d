// SPDX-License-Identifier: Apache-2.0
/** The board: one report per node and region, in disk blocks that only that node writes. */
@NullMarked
package dev.lockstep.board;

import org.jspecify.annotations.NullMarked;
