// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernelfs;

import java.io.IOException;

/** What a set-up needs is not there yet, as while the machine boots; the same call may work later. */
public final class NotReady extends IOException {

    /**
     * @param message what is missing, and what an admin can do if it does not come
     */
    public NotReady(String message) {
        super(message);
    }

    /**
     * @param message what is missing, and what an admin can do if it does not come
     * @param cause the failed step
     */
    public NotReady(String message, Throwable cause) {
        super(message, cause);
    }
}
