// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.lockstep.logging.LineLayout;
import dev.lockstep.logging.QueueAppender;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class LogSetupTest {
    @Test
    void writesLinesToStandardOutputThroughAQueue() throws JoranException {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Path.of("..", "config", "logback.xml").toFile());

        assertThat(context.getLogger("dev.lockstep.region").getEffectiveLevel()).isEqualTo(Level.INFO);
        assertThat(context.getLogger("io.netty").getEffectiveLevel()).isEqualTo(Level.WARN);
        QueueAppender queue = (QueueAppender) context.getLogger("ROOT").getAppender("QUEUE");
        assertThat(queue.isStarted()).isTrue();
        ConsoleAppender<ILoggingEvent> console = (ConsoleAppender<ILoggingEvent>) queue.getAppender("LINES");
        assertThat(console.getTarget()).isEqualTo("System.out");
        assertThat(((LayoutWrappingEncoder<ILoggingEvent>) console.getEncoder()).getLayout())
                .isInstanceOf(LineLayout.class);
        context.stop();
    }
}
