// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import dev.lockstep.event.LogEvent;

/** Takes the event log's records. */
public interface EventLog {

    /** Appends one record. Never blocks; an implementation that cannot keep up drops and says how many. */
    void append(LogEvent event);
}
