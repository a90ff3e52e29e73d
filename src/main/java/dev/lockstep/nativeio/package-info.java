// SPDX-License-Identifier: Apache-2.0
/**
 * The C library: the only package that calls it itself; sd_notify's socket goes through jnr-unixsocket. Calls keep
 * their C names, an error is a {@link dev.lockstep.nativeio.NativeFailure} with its errno, every descriptor is an
 * AutoCloseable, and no JNA type shows outside.
 */
@NullMarked
package dev.lockstep.nativeio;

import org.jspecify.annotations.NullMarked;
