// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.util.Map;

/**
 * One line per event, whatever is in it, without colour. Under systemd (JOURNAL_STREAM is set, systemd.exec(5)) the
 * line starts with the priority as {@code <N>} (sd-daemon(3)) and has no time, which the journal knows; elsewhere it
 * starts with the time in UTC and the level.
 */
public final class LineLayout extends LayoutBase<ILoggingEvent> {
    private static final int SYSLOG_ERROR = 3;
    private static final int SYSLOG_WARNING = 4;
    private static final int SYSLOG_INFO = 6;
    private static final int SYSLOG_DEBUG = 7;

    /** Frames of a stack trace that are kept: it has to fit on a line. */
    private static final int FRAMES = 12;

    private final boolean journal;

    /** Looks at the process's environment. */
    public LineLayout() {
        this(System.getenv());
    }

    LineLayout(Map<String, String> environment) {
        this.journal = environment.containsKey("JOURNAL_STREAM");
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        if (journal) {
            line.append('<').append(priority(event.getLevel())).append('>');
        } else {
            line.append(Instant.ofEpochMilli(event.getTimeStamp())).append(' ');
            line.append(event.getLevel()).append(' ');
        }
        String logger = event.getLoggerName();
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(": ");
        append(line, event.getFormattedMessage());
        for (IThrowableProxy cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
            append(line, " | " + cause.getClassName() + ": " + cause.getMessage());
            frames(line, cause.getStackTraceElementProxyArray());
            if (cause.equals(cause.getCause())) {
                break;
            }
        }
        return line.append('\n').toString();
    }

    private static int priority(Level level) {
        if (level.isGreaterOrEqual(Level.ERROR)) {
            return SYSLOG_ERROR;
        }
        if (level.isGreaterOrEqual(Level.WARN)) {
            return SYSLOG_WARNING;
        }
        return level.isGreaterOrEqual(Level.INFO) ? SYSLOG_INFO : SYSLOG_DEBUG;
    }

    private static void frames(StringBuilder line, StackTraceElementProxy[] frames) {
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            append(line, " < " + frames[i].getStackTraceElement());
        }
    }

    /** Control characters could forge a second line, or drive a terminal. */
    private static void append(StringBuilder line, String text) {
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                line.append(" | ");
            } else {
                line.appendCodePoint(Character.isISOControl(c) ? '?' : c);
            }
        });
    }
}
