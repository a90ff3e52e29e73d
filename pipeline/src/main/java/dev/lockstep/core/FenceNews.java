// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.FenceAttempt;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;

/** What this node's and the others' fence commands do about nodes that a lockspace waits for. */
final class FenceNews {
    private final SortedSet<NodeNumber> running = new TreeSet<>();
    private final StringJoiner runs = new StringJoiner("; ");
    private final SortedSet<NodeNumber> failed = new TreeSet<>();
    private final StringJoiner fails = new StringJoiner("; ");

    private FenceNews() {}

    static FenceNews of(State state, RegionState region, SortedSet<NodeNumber> waitedFor) {
        FenceNews news = new FenceNews();
        for (NodeNumber node : waitedFor) {
            Optional<Report> last = region.report(node);
            if (last.isPresent()) {
                news.hear(state, region, node, last.get().boot());
            }
        }
        return news;
    }

    private void hear(State state, RegionState region, NodeNumber node, BootId boot) {
        Optional<FenceTry> mine = state.node().fencing().on(node, boot);
        mine.ifPresent(m -> tell(state.facts().self(), m.attempt(), m.error()));
        for (NodeNumber other : state.facts().others()) {
            region.report(other)
                    .ifPresent(r -> r.fences().stream()
                            .filter(f -> f.isOn(node, boot))
                            .forEach(f -> tell(other, f, f.exitText())));
        }
    }

    private void tell(NodeNumber by, FenceAttempt attempt, String how) {
        boolean runs = attempt.status() == FenceAttempt.Status.RUNNING;
        String who = "node " + by + " fences node " + attempt.node() + ", attempt " + attempt.count();
        if (runs) {
            running.add(attempt.node());
            this.runs.add(who);
        } else {
            failed.add(attempt.node());
            fails.add(who + ": " + how);
        }
    }

    void reasons(Draft draft, List<Reason> reasons) {
        if (!running.isEmpty()) {
            reasons.add(draft.reason(ReasonCode.FENCING, running, runs.toString()));
        }
        if (!failed.isEmpty()) {
            reasons.add(draft.reason(ReasonCode.FENCE_FAILED, failed, fails.toString()));
        }
    }
}
