// SPDX-License-Identifier: Apache-2.0
/** The command line: it parses, calls and prints, and maps outcomes to exit codes. */
@NullMarked
package dev.lockstep.cli;

import org.jspecify.annotations.NullMarked;
