// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Rule 7: whose block lists the lockspace under an incarnation that is neither in the view nor settled. */
final class Settlement {

    private Settlement() {}

    /**
     * {@return the nodes that may still hold locks outside {@code view}}
     *
     * <p>Settled by exactly: LEAVING, or not listed, in the last good report; a report with a new boot id (it replaces
     * the old block, so the old incarnation is listed nowhere); a proof of death. Never by STOPPED or STARTED of the
     * same boot: a stopped kernel keeps its granted locks.
     */
    static SortedSet<NodeNumber> unsettled(State state, RegionState region, LockspaceState lockspace, View view) {
        SortedSet<NodeNumber> unsettled = new TreeSet<>();
        for (NodeNumber other : state.facts().others()) {
            Optional<Report> report = region.report(other);
            if (report.isEmpty()) {
                continue;
            }
            Optional<LockspaceEntry> entry = report.get().lockspace(lockspace.name());
            if (entry.isEmpty() || entry.get().phase() == Phase.LEAVING) {
                continue;
            }
            Optional<Member> member = view.member(other);
            boolean inView = member.isPresent() && isListed(member.get(), report.get(), entry.get());
            if (!inView && !state.provenDead(other, report.get().boot())) {
                unsettled.add(other);
            }
        }
        return unsettled;
    }

    private static boolean isListed(Member member, Report report, LockspaceEntry entry) {
        return member.boot().equals(report.boot())
                && member.generation().equals(report.generation())
                && member.join().equals(entry.join());
    }
}
