// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

/** A copy that is no valid report; never leaves {@link BoardCodec}. */
final class MalformedCopy extends Exception {
    private final String reason;

    MalformedCopy(String reason) {
        // Without a stack trace: a board of garbage must not cost more to read than a good one.
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
