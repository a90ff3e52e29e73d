// SPDX-License-Identifier: Apache-2.0
/**
 * The control socket: what the agent publishes about itself, asked by {@code lockstep status}, {@code ls}, {@code why}
 * and {@code fence-ack}.
 *
 * <p>One Unix stream socket. A client sends one {@link dev.lockstep.control.Request} line, gets one
 * {@link dev.lockstep.control.Answer} and the end of the stream. Answers come from an immutable snapshot that the agent
 * publishes, so no client waits for the kernel or a disk, and none can make the agent wait.
 */
@NullMarked
package dev.lockstep.control;

import org.jspecify.annotations.NullMarked;
