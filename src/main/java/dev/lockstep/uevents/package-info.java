// SPDX-License-Identifier: Apache-2.0
/** The kernel's uevents by netlink. */
@NullMarked
package dev.lockstep.uevents;

import org.jspecify.annotations.NullMarked;
