// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import java.nio.ByteBuffer;

/** What became of a report that was to be written. */
public sealed interface Encoding {

    /**
     * The report in bytes.
     *
     * @param bytes one copy from position to limit, without the padding behind it
     */
    record Fits(ByteBuffer bytes) implements Encoding {}

    /**
     * The report is larger than a copy; nothing was written. The newest thing in it must wait.
     *
     * @param neededBytes bytes it takes
     * @param copyBytes bytes there are
     */
    record TooLarge(int neededBytes, int copyBytes) implements Encoding {}
}
