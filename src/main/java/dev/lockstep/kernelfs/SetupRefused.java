// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernelfs;

import java.io.IOException;

/**
 * The kernel or the machine is in a state that Lockstep must not change by itself; the message names the way out.
 * Another try cannot help: what time may mend is {@link NotReady}.
 */
public final class SetupRefused extends IOException {

    /**
     * @param message what was found, and what an admin can do
     */
    public SetupRefused(String message) {
        super(message);
    }

    /**
     * @param message what was found, and what an admin can do
     * @param cause the failed step
     */
    public SetupRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
