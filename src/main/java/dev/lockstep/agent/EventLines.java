// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.event.LogEvent;
import dev.lockstep.port.EventLog;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the event log as log lines from a thread of its own: a console that hangs must not hold up a decision. What
 * does not fit the queue is dropped, and how many were is said in the log.
 */
final class EventLines implements EventLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.lockstep.event");
    private static final int QUEUE = 8192;

    private final BlockingQueue<LogEvent> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread = new Thread(this::run, "lockstep-log");

    EventLines() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void append(LogEvent event) {
        if (!queue.offer(event)) {
            dropped.incrementAndGet();
        }
    }

    private void run() {
        try {
            while (true) {
                write(queue.take());
                long lost = dropped.getAndSet(0);
                if (lost > 0) {
                    LOG.warn("{} events were not logged: the log is too slow", lost);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private static void write(LogEvent event) {
        StringBuilder line = new StringBuilder(event.type().name());
        event.lockspace().ifPresent(l -> line.append(" lockspace ").append(l));
        event.region().ifPresent(r -> line.append(" region ").append(r));
        event.node().ifPresent(n -> line.append(" node ").append(n));
        if (event.epoch() > 0) {
            line.append(" epoch ").append(event.epoch());
        }
        line.append(": ").append(event.text());
        switch (event.type()) {
            case BAD_INPUT, VERDICT -> LOG.warn("{}", line);
            default -> LOG.info("{}", line);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
