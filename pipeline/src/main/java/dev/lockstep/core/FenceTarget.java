// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.heartbeat.SlotTiming;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A life of a peer that is to be ended, because lockspaces wait for a proof of its death.
 *
 * @param region where it, or its agent, fell silent
 * @param node the peer
 * @param boot the life its last report was of
 * @param generation the heartbeat session of that report
 * @param dueNs since when; comes out much the same on every node that looked all the while
 * @param waiters the live nodes with a stake in it, this one among them
 */
record FenceTarget(
        RegionState region,
        NodeNumber node,
        BootId boot,
        Generation generation,
        long dueNs,
        SortedSet<NodeNumber> waiters) {

    /** {@return the life of {@code peer} that this node is to see fenced, if there is one} */
    static Optional<FenceTarget> of(State state, Due due, NodeNumber peer) {
        for (RegionState region : state.regions().values()) {
            Optional<FenceTarget> here = in(state, due, region, peer);
            if (here.isPresent()) {
                return here;
            }
        }
        return Optional.empty();
    }

    private static Optional<FenceTarget> in(State state, Due due, RegionState region, NodeNumber peer) {
        Optional<Report> last = region.report(peer);
        if (last.isEmpty()) {
            return Optional.empty();
        }
        Report report = last.get();
        boolean agentDead = AgentSilence.isDead(state, region, peer);
        // One that left elsewhere in good order may live, for all we know: the command is what settles it.
        boolean dead = Deaths.silent(state, due, region, peer)
                && !Deaths.beatsElsewhere(state, due, region, peer, report.boot());
        boolean known = Deaths.over(state, peer, report.boot()) || bootedSince(state, peer, report.boot());
        if (known || !(dead || agentDead)) {
            return Optional.empty();
        }
        SortedSet<NodeNumber> waiters = waiters(state, region, report);
        if (!waiters.contains(state.facts().self())) {
            return Optional.empty();
        }
        long dueNs = dead
                ? region.slot(peer).changeSeenNs() + silenceNs(state, region.slot(peer))
                : region.block(peer).silentSinceNs() + state.facts().fencing().agentDeadAfterNs();
        return due.reached(dueNs)
                ? Optional.of(new FenceTarget(region, peer, report.boot(), report.generation(), dueNs, waiters))
                : Optional.empty();
    }

    private static long silenceNs(State state, SlotState slot) {
        ClusterFacts facts = state.facts();
        return SlotTiming.of(facts.deadThreshold(), facts.periodNs(), slot.deadMs(), facts.marginNs())
                .silenceNs();
    }

    /** Whether another life of the peer has shown itself on any board: then this one is over, or soon known to be. */
    private static boolean bootedSince(State state, NodeNumber peer, BootId boot) {
        for (RegionState region : state.regions().values()) {
            Optional<Report> live = region.liveReport(peer);
            if (live.isPresent() && !live.get().boot().equals(boot)) {
                return true;
            }
        }
        return false;
    }

    private static SortedSet<NodeNumber> waiters(State state, RegionState region, Report silent) {
        List<LockspaceEntry> held = new ArrayList<>();
        for (LockspaceEntry entry : silent.lockspaces()) {
            if (entry.phase() != Phase.LEAVING) {
                held.add(entry);
            }
        }
        SortedSet<NodeNumber> waiters = new TreeSet<>();
        for (NodeNumber node : state.facts().nodes()) {
            boolean self = node.equals(state.facts().self());
            Optional<Report> report = self ? region.published() : region.liveReport(node);
            boolean lives = self ? region.slot(node).isLive() : !node.equals(silent.node());
            if (lives
                    && report.filter(r -> !state.evicted(node, r.boot())
                                    && held.stream().anyMatch(e -> Fencing.waitsIn(r, e)))
                            .isPresent()) {
                waiters.add(node);
            }
        }
        return waiters;
    }
}
