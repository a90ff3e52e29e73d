// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import dev.lockstep.board.FenceAttempt;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;

/** Resets this machine when it must go, and others by a command where there is one. */
@FunctionalInterface
public interface Fence {

    /**
     * Resets this machine at once, without a sync and without a shutdown. A real one does not come back; where
     * resetting is left to the administrator it only says so. Never throws.
     *
     * @param why for the console
     * @return why the machine still runs; that it does is a failure, whatever this says
     */
    Outcome resetSelf(String why);

    /**
     * Runs the fence command on a peer and waits for its end, on a thread of its own. Never throws.
     *
     * @param order which life of which peer
     * @return how it ended; status 0 only if the peer is off, or was reset, for certain
     */
    default Outcome.Exited fence(Mutation.FenceNode order) {
        return new Outcome.Exited(FenceAttempt.UNKNOWN, "there is no fence command here");
    }
}
