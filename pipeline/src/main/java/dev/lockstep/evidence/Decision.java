// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.evidence;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.FenceAttempt;
import dev.lockstep.board.Phase;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.reason.Reason;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** What plan decides about the node's own state. Fed back through observe, so that state has one way in. */
public sealed interface Decision {

    /**
     * The lockspace moves to another phase, epoch or view.
     *
     * @param guard the region that decides the lockspace's liveness
     * @param phase the new phase; empty for ABSENT
     * @param why for the log
     */
    record Move(
            LockspaceName lockspace,
            Optional<RegionId> guard,
            Optional<Phase> phase,
            Epoch epoch,
            View view,
            JoinNumber join,
            String why)
            implements Decision {}

    /** A verdict goes to the own evict list. */
    record Evict(Eviction eviction) implements Decision {}

    /** The fence command shall run for this; it is shown on the board first. */
    record Fence(FenceAttempt attempt) implements Decision {}

    /**
     * The run of the fence command that was announced or inherited comes to nothing.
     *
     * @param forgotten whether nothing is left to fence; else it counts as failed and is tried again
     */
    record FenceEnds(FenceAttempt attempt, boolean forgotten, String why) implements Decision {}

    /**
     * A region's board shows another split of the network than before; it has yet to last.
     *
     * @param goOn the nodes that go on
     * @param lose the nodes that have to go; none: the network is whole again
     */
    record SplitSeen(RegionId region, SortedSet<NodeNumber> goOn, SortedSet<NodeNumber> lose) implements Decision {}

    /** This node must go; stays true for the rest of this boot. */
    record MustGo(String why) implements Decision {}

    /** The lockspace waits for these reasons; none when it does not wait. */
    record Waits(LockspaceName lockspace, List<Reason> reasons) implements Decision {
        public Waits {
            reasons = List.copyOf(reasons);
        }
    }
}
