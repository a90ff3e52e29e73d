// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands log lines to the attached appender from a thread of its own: a console that hangs must not hold up a decision.
 * What does not fit the queue is dropped, whatever its level, and how many were is said in the log, where they would
 * have stood; but for what a slow console has not taken a second after the end. logback's own AsyncAppender drops
 * without a word or blocks.
 */
public final class QueueAppender extends UnsynchronizedAppenderBase<ILoggingEvent>
        implements AppenderAttachable<ILoggingEvent> {
    private static final int QUEUE = 8192;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Queued by a stop: what comes before it is written. */
    private static final ILoggingEvent END = new LoggingEvent();

    private static final int NONE_LOST = -1;

    private final BlockingQueue<ILoggingEvent> queue;
    private final Duration patience;
    private final AppenderAttachableImpl<ILoggingEvent> attached = new AppenderAttachableImpl<>();
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread = new Thread(this::run, "lockstep-log");

    /** Of the thread alone: lines that are still to be written before those that were lost. */
    private int beforeLost = NONE_LOST;

    /** Made by logback. */
    public QueueAppender() {
        this(QUEUE, PATIENCE);
    }

    QueueAppender(int lines, Duration patience) {
        this.queue = new ArrayBlockingQueue<>(lines);
        this.patience = patience;
        thread.setDaemon(true);
    }

    @Override
    public void start() {
        new ThrowableProxy(
                new IllegalStateException("a rehearsal")); // whoever logs the first failure shall load nothing
        thread.start();
        super.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        if (!queue.offer(event)) {
            lost.incrementAndGet();
        }
    }

    private void run() {
        try {
            while (true) {
                ILoggingEvent event = queue.take();
                if (event.equals(END)) {
                    sayLost();
                    return;
                }
                write(event);
                noticeLost();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // given up
        }
    }

    /** What was lost is younger than all that was in the queue then. */
    private void noticeLost() {
        if (lost.get() == 0) {
            return;
        }
        if (beforeLost == NONE_LOST) {
            beforeLost = queue.size();
        }
        if (beforeLost == 0) {
            sayLost();
        } else {
            beforeLost--;
        }
    }

    private void sayLost() {
        beforeLost = NONE_LOST;
        long lines = lost.getAndSet(0);
        if (lines > 0) {
            String text = lines + " lines were not logged: the log is too slow";
            LoggerContext loggers = (LoggerContext) getContext();
            String self = QueueAppender.class.getName();
            write(new LoggingEvent(self, loggers.getLogger(self), Level.WARN, text, null, null));
        }
    }

    private void write(ILoggingEvent event) {
        try {
            attached.appendLoopOnAppenders(event);
        } catch (RuntimeException | LinkageError e) {
            addError("a line could not be written", e); // the next one may be
        }
    }

    /** Waits for what is queued, but not long: a process whose console hangs must be able to end. */
    @Override
    public void stop() {
        if (!isStarted()) {
            return;
        }
        super.stop();
        try {
            long deadlineNs = System.nanoTime() + patience.toNanos();
            if (queue.offer(END, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                TimeUnit.NANOSECONDS.timedJoin(thread, deadlineNs - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // waits no longer
        }
        if (thread.isAlive()) {
            thread.interrupt(); // given up: it ends if ever its write does, for which the appender's stop would wait
        } else {
            attached.detachAndStopAllAppenders();
        }
    }

    @Override
    public void addAppender(Appender<ILoggingEvent> appender) {
        attached.addAppender(appender);
    }

    @Override
    public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
        return attached.iteratorForAppenders();
    }

    @Override
    public Appender<ILoggingEvent> getAppender(String appender) {
        return attached.getAppender(appender);
    }

    @Override
    public boolean isAttached(Appender<ILoggingEvent> appender) {
        return attached.isAttached(appender);
    }

    @Override
    public void detachAndStopAllAppenders() {
        attached.detachAndStopAllAppenders();
    }

    @Override
    public boolean detachAppender(Appender<ILoggingEvent> appender) {
        return attached.detachAppender(appender);
    }

    @Override
    public boolean detachAppender(String appender) {
        return attached.detachAppender(appender);
    }
}
