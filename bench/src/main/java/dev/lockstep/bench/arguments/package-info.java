// SPDX-License-Identifier: Apache-2.0
/** What the command lines of this module's programs have in common. */
@NullMarked
package dev.lockstep.bench.arguments;

import org.jspecify.annotations.NullMarked;
