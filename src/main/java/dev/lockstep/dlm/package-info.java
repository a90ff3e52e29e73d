// SPDX-License-Identifier: Apache-2.0
/**
 * fs/dlm driven through sysfs and configfs, in dlm_controld's place: set-up once, then mutations and readings. File
 * formats and the order of writes are those of the kernel's fs/dlm/config.c and fs/dlm/lockspace.c.
 */
@NullMarked
package dev.lockstep.dlm;

import org.jspecify.annotations.NullMarked;
