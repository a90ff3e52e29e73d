// SPDX-License-Identifier: Apache-2.0
/** Kernel uevents of fs/dlm: the datagram's bytes and what it means. */
@NullMarked
package dev.lockstep.uevent;

import org.jspecify.annotations.NullMarked;
