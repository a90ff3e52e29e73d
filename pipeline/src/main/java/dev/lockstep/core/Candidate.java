// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.sorted.SortedArraySet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rule 1: who would be in the view if one were made now. */
final class Candidate {

    private Candidate() {}

    /** {@return V_i, empty while there is none} */
    static Optional<View> of(State state, RegionState region, LockspaceState lockspace) {
        NodeNumber self = state.facts().self();
        Optional<Generation> own = generation(region, lockspace, self);
        Optional<JoinNumber> join = lockspace.join();
        if (own.isEmpty() || join.isEmpty() || !unread(state, region, lockspace).isEmpty()) {
            return Optional.empty();
        }
        boolean closed = isClosed(state, region, lockspace);
        List<Member> members = new ArrayList<>(state.facts().nodes().size());
        for (NodeNumber node : state.facts().nodes()) {
            if (node.equals(self)) {
                members.add(new Member(self, state.facts().boot(), own.get(), join.get()));
            } else if (!closed || lockspace.view().has(node)) {
                member(state, region, lockspace, node).ifPresent(members::add);
            }
        }
        return Optional.of(View.of(members));
    }

    /** Nodes whose block was not read since the agent started, or, for a joiner, since it reported JOINING. */
    static SortedArraySet<NodeNumber> unread(State state, RegionState region, LockspaceState lockspace) {
        long since = lockspace.in(Phase.JOINING) ? Math.max(lockspace.publishedNs(), 0) : -1;
        SortedArraySet<NodeNumber> unread = SortedArraySet.empty();
        for (NodeNumber other : state.facts().others()) {
            boolean known = region.isKnown(other) || neverMattered(region, lockspace, other);
            if (!known || region.readStartedNs(other) < since) {
                unread = unread.with(other);
            }
        }
        return unread;
    }

    /** While a node is unknown nothing would start: what runs is not stopped to take one more in. */
    static boolean isClosed(State state, RegionState region, LockspaceState lockspace) {
        if (!lockspace.in(Phase.STARTED)) {
            return false;
        }
        for (NodeNumber other : state.facts().others()) {
            if (!region.isKnown(other)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A node that beats and has never said a word may be without an agent for ever. Nothing starts while it may have
     * been wiped, but what runs without it must stop when a member dies or leaves.
     */
    private static boolean neverMattered(RegionState region, LockspaceState lockspace, NodeNumber other) {
        KernelSide kernel = lockspace.kernel();
        return lockspace.in(Phase.STARTED)
                && region.block(other).read()
                && !lockspace.view().has(other)
                && !kernel.given().has(other)
                && !kernel.processed().has(other);
    }

    private static Optional<Member> member(
            State state, RegionState region, LockspaceState lockspace, NodeNumber other) {
        Optional<Report> report = region.report(other);
        Optional<Generation> live = generation(region, lockspace, other);
        if (report.isEmpty() || live.isEmpty() || !report.get().generation().equals(live.get())) {
            return Optional.empty();
        }
        Optional<LockspaceEntry> entry = report.get().lockspace(lockspace.name());
        if (entry.isEmpty() || entry.get().phase() == Phase.LEAVING) {
            return Optional.empty();
        }
        if (state.evicted(other, report.get().boot())) {
            return Optional.empty();
        }
        return Optional.of(
                new Member(other, report.get().boot(), live.get(), entry.get().join()));
    }

    /** The generation under which a node lives; after an agent restart that of the own last view counts, too. */
    static Optional<Generation> generation(RegionState region, LockspaceState lockspace, NodeNumber node) {
        SlotState slot = region.slot(node);
        if (slot.status() == SlotState.Status.UNKNOWN && lockspace.provisional()) {
            return lockspace
                    .view()
                    .member(node)
                    .map(Member::generation)
                    .filter(g -> !slot.seen() || slot.generation().equals(g));
        }
        return slot.live();
    }
}
