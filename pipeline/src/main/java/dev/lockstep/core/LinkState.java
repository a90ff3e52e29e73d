// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

/**
 * What probes told of the link to one peer. A lost probe is no cut, and an answer in between is no mended link.
 *
 * @param standing what the own row says
 * @param against consecutive probes that speak against it
 */
record LinkState(Standing standing, int against) {

    /** What a row says of a link. */
    enum Standing {
        /** Never reached. */
        UNKNOWN,
        /** It answers. */
        UP,
        /** It answered once, and does no more. */
        CUT
    }

    static final LinkState UNKNOWN = new LinkState(Standing.UNKNOWN, 0);

    /** Consecutive misses until an answering link is cut, and answers until another is up. */
    static final int MISSES = 5;

    static final int ANSWERS = 3;

    LinkState probed(boolean answered) {
        boolean agrees = standing == Standing.UNKNOWN ? !answered : answered == (standing == Standing.UP);
        if (agrees) {
            return against == 0 ? this : new LinkState(standing, 0);
        }
        int enough = answered ? ANSWERS : MISSES;
        return against + 1 < enough
                ? new LinkState(standing, against + 1)
                : new LinkState(answered ? Standing.UP : Standing.CUT, 0);
    }
}
