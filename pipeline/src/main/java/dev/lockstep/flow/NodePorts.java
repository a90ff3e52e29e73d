// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.port.BootClock;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.port.EventLog;
import dev.lockstep.port.Fence;
import dev.lockstep.port.MemoryStore;
import dev.lockstep.port.UeventSource;
import dev.lockstep.port.WakeUps;
import java.util.List;
import reactor.core.publisher.Flux;

/**
 * What a pipeline needs of the world.
 *
 * @param regionsAtStart the regions known before the start, by configuration or discovery: no lockspace found in the
 *     kernel is judged before the core has heard of each
 * @param regions regions as they come and go later; may end, the regions then stay as they are
 * @param uevents open already, so that nothing is missed between here and the first reading of the kernel
 * @param kernel fs/dlm
 * @param wakeUps hints from and to the peers
 * @param fence resets this node
 * @param memory what is left to a successor
 * @param log takes the event log's records, on the core's thread
 * @param clock CLOCK_BOOTTIME
 */
public record NodePorts(
        List<RegionChange.Attached> regionsAtStart,
        Flux<RegionChange> regions,
        UeventSource uevents,
        DlmKernel kernel,
        WakeUps wakeUps,
        Fence fence,
        MemoryStore memory,
        EventLog log,
        BootClock clock) {

    public NodePorts {
        regionsAtStart = List.copyOf(regionsAtStart);
    }
}
