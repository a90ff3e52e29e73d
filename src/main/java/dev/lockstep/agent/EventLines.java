// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.event.LogEvent;
import dev.lockstep.port.EventLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the event log as log lines; the log's queue sees to it that a console that hangs holds up no decision. */
final class EventLines implements EventLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.lockstep.event");

    @Override
    public void append(LogEvent event) {
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
}
