// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a class warns of. */
public final class Warnings {
    private Warnings() {}

    /** {@return the lines that {@code source} logs while {@code work} is done, in this order} */
    public static List<String> of(Class<?> source, Runnable work) {
        Logger logger = (Logger) LoggerFactory.getLogger(source);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(logged);
        try {
            work.run();
        } finally {
            logger.detachAppender(logged);
            logger.setLevel(null);
        }
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
