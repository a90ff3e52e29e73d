// SPDX-License-Identifier: Apache-2.0
/** The cluster's vocabulary: nodes, regions, lockspaces and views as immutable values. */
@NullMarked
package dev.lockstep.domain;

import org.jspecify.annotations.NullMarked;
