// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernelfs;

import java.io.IOException;

/** modprobe(8) does not bring a kernel module, mostly because this kernel has none of that name. */
public final class ModuleUnavailable extends IOException {

    /**
     * @param message what was run and what it said
     */
    public ModuleUnavailable(String message) {
        super(message);
    }
}
