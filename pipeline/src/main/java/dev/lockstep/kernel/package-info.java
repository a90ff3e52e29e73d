// SPDX-License-Identifier: Apache-2.0
/** What is asked of fs/dlm (mutations) and what is read back from it (snapshots). */
@NullMarked
package dev.lockstep.kernel;

import org.jspecify.annotations.NullMarked;
