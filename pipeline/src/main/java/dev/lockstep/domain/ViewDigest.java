// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

import java.util.HexFormat;

/**
 * Stands for a whole view on the board, see {@link View#digest()}.
 *
 * @param value 64 bits
 */
public record ViewDigest(long value) {

    /** What an entry carries that has no view yet (JOINING). */
    public static final ViewDigest NONE = new ViewDigest(0);

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
