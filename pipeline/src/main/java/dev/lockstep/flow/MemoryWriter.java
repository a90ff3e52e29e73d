// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.kernel.Memory;
import dev.lockstep.port.MemoryStore;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Has the memory written by a thread of its own: a root file system that hangs holds up starts, which wait for it, and
 * neither the core nor a stop. The newest is written, and what was overtaken is not.
 */
final class MemoryWriter {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryWriter.class);

    private final MemoryStore store;
    private final Scheduler thread;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile @Nullable Memory newest;
    private volatile boolean failed;

    /** Guarded by this. */
    private @Nullable Memory written;

    /**
     * @param thread may wait as long as the store does
     */
    MemoryWriter(MemoryStore store, Scheduler thread) {
        this.store = store;
        this.thread = thread;
    }

    /** Lets it be written soon, and again if it could not be; on the core's thread, which does not wait. */
    void keep(Memory memory) {
        if (memory.equals(newest) && !failed) {
            return;
        }
        newest = memory;
        if (asked.compareAndSet(false, true)) {
            try {
                thread.schedule(this::write);
            } catch (RejectedExecutionException e) {
                asked.set(false); // the agent ends: its threads were taken back
            }
        }
    }

    private void write() {
        asked.set(false);
        try {
            flush();
        } catch (IOException e) {
            // Told by flush, and tried again with the next plan.
        }
    }

    /**
     * Returns once all that was kept before is written. Any thread but the core's.
     *
     * @throws IOException if it cannot be
     */
    synchronized void flush() throws IOException {
        Memory memory = newest;
        if (memory == null || memory.equals(written)) {
            return;
        }
        try {
            store.save(memory);
            written = memory;
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                failed = true;
                LOG.error("memory cannot be saved, nothing is started meanwhile: {}", e.getMessage());
            }
            throw e;
        }
    }
}
