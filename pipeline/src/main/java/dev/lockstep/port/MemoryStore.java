// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import dev.lockstep.kernel.Memory;
import java.io.IOException;

/** Keeps {@link Memory} between agents of one node. */
public interface MemoryStore {

    /** {@return what the last save left; a damaged or missing file reads as blank and is reported by the adapter} */
    Memory load();

    /**
     * Replaces what is kept, atomically. It need not outlive a power cut; it may take as long as a file system does.
     *
     * @throws IOException if it cannot be written
     */
    void save(Memory memory) throws IOException;
}
