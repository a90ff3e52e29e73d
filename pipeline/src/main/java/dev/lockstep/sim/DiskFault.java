// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import java.io.IOException;

/** What befalls every transfer in one direction over one node's path to a {@link SimDisk}, before it happens. */
@FunctionalInterface
public interface DiskFault {
    /** All is well. */
    DiskFault NONE = operation -> {};

    /**
     * Lets the transfer through by returning; may block as long as a hung disk would.
     *
     * @param operation the transfer, for messages
     * @throws IOException if it fails; nothing was transferred then
     */
    void strike(String operation) throws IOException;

    /** {@return a fault by which every transfer fails} */
    static DiskFault failing(String errno) {
        return operation -> {
            throw new IOException(operation + " simulated disk: " + errno);
        };
    }
}
