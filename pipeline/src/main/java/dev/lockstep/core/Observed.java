// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.event.LogEvent;
import java.util.List;
import java.util.Set;

/**
 * What one piece of evidence did.
 *
 * @param state the new state
 * @param dirty scopes whose plan may have changed; planning a scope twice is harmless
 * @param events what the event log shall hear
 */
public record Observed(State state, Set<Scope> dirty, List<LogEvent> events) {}
