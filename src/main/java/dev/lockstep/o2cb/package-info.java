// SPDX-License-Identifier: Apache-2.0
/**
 * O2CB, the OCFS2 cluster base, in configfs: what heartbeats there, and setting it up where nothing does. Formats and
 * order are those of the kernel's fs/ocfs2/cluster/nodemanager.c and heartbeat.c.
 */
@NullMarked
package dev.lockstep.o2cb;

import org.jspecify.annotations.NullMarked;
