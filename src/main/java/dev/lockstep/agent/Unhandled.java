// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nobody has handled ends the agent: the work of the thread that met it would never be done, by one that looks
 * alive. The successor adopts what runs. For any thread.
 */
final class Unhandled implements Thread.UncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Unhandled.class);

    private final AtomicReference<Throwable> first = new AtomicReference<>();
    private final Runnable end;

    /**
     * @param end ends the agent, soon
     */
    Unhandled(Runnable end) {
        this.end = end;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        try {
            LOG.error("thread {} dies, the agent ends; lockspaces stay as they are", thread.getName(), failure);
        } finally {
            happened(failure);
        }
    }

    /** Takes a failure that was logged. */
    void happened(Throwable failure) {
        first.compareAndSet(null, failure);
        end.run();
    }

    /** {@return whether there was any} */
    boolean any() {
        return first.get() != null;
    }
}
