// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import dev.lockstep.event.LogEvent;

/** Takes the event log's records. */
public interface EventLog {

    /**
     * Appends one record. The core's thread, in the order of what it does. Never blocks or throws; an implementation
     * that cannot keep up drops and says how many.
     */
    void append(LogEvent event);
}
