// SPDX-License-Identifier: Apache-2.0
/** POSIX record locks (fcntl) of OCFS2 and GFS2, which fs/dlm hands to user space. */
@NullMarked
package dev.lockstep.plock;

import org.jspecify.annotations.NullMarked;
