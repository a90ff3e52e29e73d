// SPDX-License-Identifier: Apache-2.0
/** Kernel uevents of fs/dlm: the datagram's bytes, what it means, and the queue that tells when some were lost. */
@NullMarked
package dev.lockstep.uevent;

import org.jspecify.annotations.NullMarked;
