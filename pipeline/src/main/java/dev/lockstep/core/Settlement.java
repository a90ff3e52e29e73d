// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.sorted.SortedArraySet;
import java.util.Optional;

/** Rule 7: whose block lists the lockspace under an incarnation that is neither in the view nor settled. */
final class Settlement {

    private Settlement() {}

    /**
     * {@return the nodes that may still hold locks outside {@code view}}
     *
     * <p>Settled by exactly: LEAVING, or not listed, in the last good report; a report with a new boot id (it replaces
     * the old block, so the old incarnation is listed nowhere); a proof of death. Never by STOPPED or STARTED of the
     * same boot: a stopped kernel keeps its granted locks. Nor by a wiped block: whom our kernel had for a member, and
     * who says nothing at all, is owed an answer until its next boot or a proof.
     */
    static SortedArraySet<NodeNumber> unsettled(State state, RegionState region, LockspaceState lockspace, View view) {
        SortedArraySet<NodeNumber> unsettled = SortedArraySet.empty();
        for (NodeNumber other : state.facts().others()) {
            Optional<Report> report = region.report(other);
            if (report.isEmpty()) {
                if (isOwed(state, lockspace.kernel(), view, other)) {
                    unsettled = unsettled.with(other);
                }
                continue;
            }
            Optional<LockspaceEntry> entry = report.get().lockspace(lockspace.name());
            if (entry.isEmpty() || entry.get().phase() == Phase.LEAVING) {
                continue;
            }
            Optional<Member> member = view.member(other);
            boolean inView = member.isPresent() && isListed(member.get(), report.get(), entry.get());
            if (!inView && !state.provenDead(other, report.get().boot())) {
                unsettled = unsettled.with(other);
            }
        }
        return unsettled;
    }

    /** Whether our kernel had a member there whose block was wiped since: nothing tells that it has released. */
    private static boolean isOwed(State state, KernelSide kernel, View view, NodeNumber other) {
        return !view.has(other) && (isOwed(state, kernel.given(), other) || isOwed(state, kernel.processed(), other));
    }

    private static boolean isOwed(State state, View former, NodeNumber other) {
        Optional<Member> member = former.member(other);
        return member.isPresent() && !state.provenDead(other, member.get().boot());
    }

    private static boolean isListed(Member member, Report report, LockspaceEntry entry) {
        return member.boot().equals(report.boot())
                && member.generation().equals(report.generation())
                && member.join().equals(entry.join());
    }
}
