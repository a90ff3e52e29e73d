// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import dev.lockstep.kernel.Memory;
import java.io.IOException;

/** Keeps {@link Memory} between agents of one node. */
public interface MemoryStore {

    /** {@return what the last saves left; a damaged or missing file reads as blank and is reported by the adapter} */
    Memory load();

    /**
     * Replaces what is kept of this boot, what lasts included, atomically, without waiting for a disk. The core's
     * thread.
     *
     * @throws IOException if it cannot be written
     */
    void save(Memory memory) throws IOException;

    /**
     * Replaces what the next boot will load, atomically. It may wait for a disk, so it has a thread of its own, and
     * need not outlive a power cut.
     *
     * @throws IOException if it cannot be written
     */
    void saveLasting(Memory.Lasting lasting) throws IOException;
}
