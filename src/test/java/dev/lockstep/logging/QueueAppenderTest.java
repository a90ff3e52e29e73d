// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class QueueAppenderTest {
    private static final int QUEUE = 16;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("dev.lockstep.region.Scan");
    private final Console console = new Console();

    @AfterEach
    void letTheConsoleGo() {
        console.goOn.countDown();
        context.stop();
    }

    @Test
    void aConsoleThatHangsHoldsUpNobodyWhoLogs() throws InterruptedException {
        start(LONG);

        hang();
        log(1, 10 * QUEUE);

        assertThat(console.lines).isEmpty(); // this thread came here although nothing could be written
    }

    @Test
    void whatWasLostIsCountedAndSaidOnceWhereItWouldHaveStood() throws InterruptedException {
        QueueAppender appender = start(LONG);
        hang();
        log(1, QUEUE);
        log(QUEUE + 1, QUEUE + 5);

        console.goOn.countDown();
        console.awaitLines(1 + QUEUE + 1);
        logger.warn("after");
        appender.stop();

        assertThat(console.lines)
                .startsWith("hangs", "line 1")
                .endsWith("line " + QUEUE, "5 lines were not logged: the log is too slow", "after")
                .hasSize(1 + QUEUE + 2);
    }

    @Test
    void whatWasLostIsSaidByAStop() throws InterruptedException {
        QueueAppender appender = start(LONG);
        hang();
        log(1, QUEUE + 3);

        console.goOn.countDown();
        appender.stop();

        assertThat(console.lines).endsWith("line " + QUEUE, "3 lines were not logged: the log is too slow");
    }

    @Test
    void linesKeepTheirOrderAndAStopWritesWhatIsQueued() throws InterruptedException {
        QueueAppender appender = start(LONG);
        hang();
        log(1, QUEUE);

        console.goOn.countDown();
        appender.stop();

        assertThat(console.lines.subList(1, console.lines.size()))
                .isEqualTo(IntStream.rangeClosed(1, QUEUE)
                        .mapToObj(i -> "line " + i)
                        .toList());
        assertThat(console.isStarted()).isFalse();
    }

    @Test
    void aStopDoesNotWaitForEverForAConsoleThatHangs() throws InterruptedException {
        QueueAppender idle = start(Duration.ofMillis(1));
        hang();
        idle.stop(); // room for the end, but nobody takes it

        assertThat(idle.isStarted()).isFalse();
        assertThat(console.isStarted())
                .as("stopping it would wait for its write")
                .isTrue();
    }

    @Test
    void aStopDoesNotWaitForEverForAFullQueue() throws InterruptedException {
        QueueAppender full = start(Duration.ofMillis(1));
        hang();
        log(1, QUEUE);
        full.stop();

        assertThat(full.isStarted()).isFalse();
        assertThat(console.lines).isEmpty();
    }

    @Test
    void aConsoleThatFailsIsTriedAgain() {
        QueueAppender appender = start(LONG);

        logger.warn("fails");
        logger.warn("next");
        appender.stop();

        assertThat(console.lines).containsExactly("next");
    }

    @Test
    void aLineTellsWhatWasSoWhenItWasLogged() throws InterruptedException {
        QueueAppender appender = start(LONG);
        StringBuilder state = new StringBuilder("then");
        hang();
        logger.warn("{}", state);
        state.replace(0, state.length(), "now");

        console.goOn.countDown();
        appender.stop();

        assertThat(console.lines).containsExactly("hangs", "then");
    }

    private QueueAppender start(Duration patience) {
        context.setMDCAdapter(new LogbackMDCAdapter()); // a context that is not SLF4J's has none
        QueueAppender appender = new QueueAppender(QUEUE, patience);
        appender.setContext(context);
        console.setContext(context);
        console.start();
        appender.addAppender(console);
        appender.start();
        logger.addAppender(appender);
        return appender;
    }

    /** Returns with the queue empty and the console inside a write. */
    private void hang() throws InterruptedException {
        logger.warn("hangs");
        console.hangs.await();
    }

    private void log(int first, int last) {
        IntStream.rangeClosed(first, last).forEach(i -> logger.warn("line {}", i));
    }

    private static final class Console extends UnsynchronizedAppenderBase<ILoggingEvent> {
        private final CountDownLatch hangs = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void doAppend(ILoggingEvent event) { // not append(), whose failures logback catches
            append(event);
        }

        @Override
        protected void append(ILoggingEvent event) {
            String line = event.getFormattedMessage();
            if (line.equals("fails")) {
                throw new IllegalStateException(line);
            }
            if (line.equals("hangs")) {
                hangs.countDown();
                awaitGoOn();
            }
            synchronized (lines) {
                lines.add(line);
                lines.notifyAll();
            }
        }

        private void awaitGoOn() {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private void awaitLines(int count) throws InterruptedException {
            synchronized (lines) {
                while (lines.size() < count) {
                    lines.wait();
                }
            }
        }
    }
}
