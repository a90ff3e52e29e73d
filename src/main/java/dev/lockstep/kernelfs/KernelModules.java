// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernelfs;

import java.io.IOException;

/** Kernel modules. Calls block while modprobe runs. */
public interface KernelModules {

    /** {@return whether the module is in the kernel, loaded or built in with parameters} */
    boolean isLoaded(String module);

    /**
     * Loads a module and what it needs; does nothing if it is there.
     *
     * @throws ModuleUnavailable if modprobe fails; the message holds its own
     * @throws IOException if it cannot be run
     */
    void load(String module) throws IOException;

    /**
     * Takes a module out.
     *
     * @throws IOException if it is in use or built in
     */
    void unload(String module) throws IOException;
}
