// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LineLayoutTest {
    private final LineLayout journal = new LineLayout(Map.of("JOURNAL_STREAM", "8:1234"));
    private final LineLayout terminal = new LineLayout(Map.of());

    private static LoggingEvent event(Level level, String message, @Nullable Throwable failure) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event =
                new LoggingEvent("", context.getLogger("dev.lockstep.region.Scan"), level, message, failure, null);
        event.setInstant(Instant.parse("2026-11-22T10:00:00Z"));
        return event;
    }

    @Test
    void startsWithThePriorityInTheJournalAndLeavesTheTimeToIt() {
        assertThat(journal.doLayout(event(Level.ERROR, "m", null))).isEqualTo("<3>Scan: m\n");
        assertThat(journal.doLayout(event(Level.WARN, "m", null))).isEqualTo("<4>Scan: m\n");
        assertThat(journal.doLayout(event(Level.INFO, "m", null))).isEqualTo("<6>Scan: m\n");
        assertThat(journal.doLayout(event(Level.DEBUG, "m", null))).isEqualTo("<7>Scan: m\n");
        assertThat(journal.doLayout(event(Level.TRACE, "m", null))).isEqualTo("<7>Scan: m\n");
    }

    @Test
    void startsWithTimeAndLevelElsewhere() {
        assertThat(terminal.doLayout(event(Level.INFO, "m", null))).isEqualTo("2026-11-22T10:00:00Z INFO Scan: m\n");
    }

    @Test
    void staysOnOneLineWhateverTheMessageHolds() {
        assertThat(journal.doLayout(event(Level.INFO, "a\n<0>forged\u001b[2J", null)))
                .isEqualTo("<6>Scan: a | <0>forged?[2J\n");
    }

    @Test
    void staysOnOneLineWithAFailureAndItsCause() {
        Throwable failure = new IllegalStateException("outer\nmore", new IllegalArgumentException("inner"));

        assertThat(journal.doLayout(event(Level.ERROR, "m", failure)))
                .matches("<3>Scan: m \\| java\\.lang\\.IllegalStateException: outer \\| more < .*"
                        + " \\| java\\.lang\\.IllegalArgumentException: inner < .*\n");
    }
}
