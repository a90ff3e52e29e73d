// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.port.BootClock;
import dev.lockstep.sorted.SortedArraySet;
import reactor.core.scheduler.Scheduler;

/** What every part of one pipeline shares. */
record FlowContext(
        SortedArraySet<NodeNumber> nodes,
        FlowSchedulers schedulers,
        FlowSettings settings,
        BootClock clock,
        Inbox inbox) {

    Scheduler core() {
        return schedulers.core();
    }
}
