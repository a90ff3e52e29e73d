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
 * Has what is to outlive a reboot written by a thread of its own, the newest only. Nobody waits for it: the own blocks
 * say the same, and a root file system that hangs or is full must hold up neither a stop nor a start.
 */
final class LastingWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LastingWriter.class);

    private final MemoryStore store;
    private final Scheduler thread;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile Memory.@Nullable Lasting newest;
    private volatile boolean failed;

    /** The thread's own. */
    private Memory.@Nullable Lasting written;

    /**
     * @param thread runs one task at a time, and may wait as long as the store does
     */
    LastingWriter(MemoryStore store, Scheduler thread) {
        this.store = store;
        this.thread = thread;
    }

    /** Lets it be written soon, and again if it could not be. On the core's thread, which does not wait. */
    void keep(Memory.Lasting lasting) {
        if (lasting.equals(newest) && !failed) {
            return;
        }
        newest = lasting;
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
        Memory.Lasting lasting = newest;
        if (lasting == null || lasting.equals(written)) {
            failed = false; // what could not be written is not wanted any more
            return;
        }
        try {
            store.saveLasting(lasting);
            written = lasting;
            failed = false;
        } catch (IOException | RuntimeException e) {
            if (!failed) {
                failed = true;
                LOG.error("what is to outlive a reboot cannot be written, trying again: {}", e.toString());
            }
        }
    }
}
