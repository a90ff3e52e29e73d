// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

/** One read of one node's board block, the newest valid of its two copies. */
public sealed interface BlockReading {

    /**
     * A report.
     *
     * @param report what the node says
     */
    record Good(Report report) implements BlockReading {}

    /** A valid copy that says that nobody ever reported here: what formatting writes. */
    record Vacant() implements BlockReading {}

    /**
     * No valid copy. It is no news: what was known of this node's report stays.
     *
     * @param why what is wrong with it, for people
     */
    record Bad(String why) implements BlockReading {}
}
