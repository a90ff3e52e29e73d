// SPDX-License-Identifier: Apache-2.0
/** What the process tells its caller when it ends. */
@NullMarked
package dev.lockstep.exit;

import org.jspecify.annotations.NullMarked;
