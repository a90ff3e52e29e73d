// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes of a device, for the parsers of what may lie on one. */
@FunctionalInterface
interface ByteSource {

    /**
     * Reads.
     *
     * @param position byte on the device
     * @param bytes how many, at most a few MiB
     * @return exactly that many bytes, little-endian, from position 0; the caller's own
     * @throws IOException if they cannot be read whole
     */
    ByteBuffer read(long position, int bytes) throws IOException;
}
