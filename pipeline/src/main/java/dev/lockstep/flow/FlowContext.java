// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.port.BootClock;
import java.util.SortedSet;
import reactor.core.scheduler.Scheduler;

/** What every part of one pipeline shares. */
record FlowContext(
        SortedSet<NodeNumber> nodes, FlowSchedulers schedulers, FlowSettings settings, BootClock clock, Inbox inbox) {

    Scheduler core() {
        return schedulers.core();
    }
}
