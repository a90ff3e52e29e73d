// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.NodeNumber;
import java.util.HashMap;
import java.util.Map;

/**
 * Sequence numbers of one node's messages to each peer (fs/dlm/midcomms.c). They begin with a comm and end with it.
 * Made anew on one side only, that side begins from the first again; the other waits for the next one, and drops what
 * comes.
 */
final class SimMidcomms {
    /** Which making of its comm each peer has here. */
    private final Map<NodeNumber, Long> made = new HashMap<>();

    /** Which making of its own comm the peer had when messages went to and fro for the first time. */
    private final Map<NodeNumber, Long> met = new HashMap<>();

    void made(NodeNumber peer, long which) {
        made.put(peer, which);
        met.remove(peer);
    }

    void removed(NodeNumber peer) {
        made.remove(peer);
        met.remove(peer);
    }

    /** {@return whether both sides have had their comms since they first met} */
    boolean agrees(NodeNumber peer, SimMidcomms there, NodeNumber self) {
        Long theirs = there.made.get(self);
        if (theirs == null || !made.containsKey(peer)) {
            return true; // they are not connected at all
        }
        Long before = met.putIfAbsent(peer, theirs);
        return before == null || before.equals(theirs);
    }
}
