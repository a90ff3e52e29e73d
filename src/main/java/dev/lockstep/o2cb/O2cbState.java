// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import dev.lockstep.domain.NodeNumber;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * O2CB as configfs shows it.
 *
 * @param cluster the cluster's name
 * @param deadThreshold T
 * @param globalMode whether a node is judged over all regions together
 * @param nodes the complete nodes, by name
 * @param local the number of this host's node, empty if none is set
 * @param regions all regions, by name
 */
public record O2cbState(
        String cluster,
        int deadThreshold,
        boolean globalMode,
        List<O2cbNode> nodes,
        Optional<NodeNumber> local,
        List<Heartbeat> regions) {

    public O2cbState {
        nodes = List.copyOf(nodes);
        regions = List.copyOf(regions);
    }

    /**
     * A region in configfs.
     *
     * @param region its place; meaningless fields of one that was never started are the kernel's defaults
     * @param device the kernel's name of the device, such as "vdb" or "dm-3"; empty before it is set
     * @param pid the heartbeat thread's process id, empty while it does not heartbeat
     */
    public record Heartbeat(O2cbRegion region, String device, OptionalInt pid) {

        /** {@return whether O2CB heartbeats there} */
        public boolean isRunning() {
            return pid.isPresent();
        }
    }
}
