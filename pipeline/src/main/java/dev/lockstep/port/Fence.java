// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

/** Resets this machine when it must go. */
@FunctionalInterface
public interface Fence {

    /**
     * Resets this machine at once, without a sync and without a shutdown. A real one does not come back; where
     * resetting is left to the administrator it only says so, once.
     *
     * @param why for the console
     */
    void resetSelf(String why);
}
