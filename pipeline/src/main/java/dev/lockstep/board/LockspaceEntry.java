// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.ViewDigest;
import dev.lockstep.sorted.SortedArraySet;
import java.util.SortedSet;

/**
 * One lockspace in a node's report.
 *
 * @param name the lockspace
 * @param join the writer's join of it
 * @param phase where the writer stands
 * @param epoch the epoch of the phase, NONE while JOINING
 * @param digest the view's digest, NONE while JOINING
 * @param nodes the view's nodes, so that a person can see who differs; decides nothing
 */
public record LockspaceEntry(
        LockspaceName name, JoinNumber join, Phase phase, Epoch epoch, ViewDigest digest, SortedSet<NodeNumber> nodes) {

    public LockspaceEntry {
        nodes = SortedArraySet.copyOf(nodes);
    }
}
