// SPDX-License-Identifier: Apache-2.0
/** The kernel's configuration trees (sysfs, configfs), its modules and its processes, as the set-up code sees them. */
@NullMarked
package dev.lockstep.kernelfs;

import org.jspecify.annotations.NullMarked;
