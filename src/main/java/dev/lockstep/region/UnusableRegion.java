// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import java.io.IOException;

/** What lies on a device is no region that can be used, or not one of this device. Trying again does not help. */
public final class UnusableRegion extends IOException {

    /**
     * @param message what is wrong, and where
     */
    public UnusableRegion(String message) {
        super(message);
    }
}
