// SPDX-License-Identifier: Apache-2.0
/** The field's words as types: nodes, regions, lockspaces, members, views and epochs. */
@NullMarked
package dev.lockstep.domain;

import org.jspecify.annotations.NullMarked;
