// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.FenceAttempt;
import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Decision;
import dev.lockstep.kernel.Mutation;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Section 8, {@code fence = command}: who fences whom, and when. Run by the lowest live member that waits, by the next
 * one a turn later; announced on the board before it runs, so that no two nodes fence one peer at a time.
 */
final class Fencing {

    private Fencing() {}

    static void plan(Draft draft) {
        State state = draft.state();
        if (state.facts().fence() != FenceMode.COMMAND || state.mustGo().isPresent()) {
            return;
        }
        for (FenceTry mine : state.node().fencing().tries().values()) {
            FenceAttempt on = mine.attempt();
            boolean runs = mine.stage() == FenceTry.Stage.ORDERED;
            if (!runs && Deaths.over(state, on.node(), on.boot())) {
                draft.decide(new Decision.FenceEnds(on, true, "it is dead already"));
            }
        }
        for (NodeNumber peer : state.facts().others()) {
            Optional<FenceTarget> target = FenceTarget.of(state, draft.due(), peer);
            if (target.isPresent()) {
                fence(draft, target.get());
            } else {
                withdraw(draft, peer);
            }
        }
    }

    /** What is due no more: the peer lives after all, or nobody waits for it. */
    private static void withdraw(Draft draft, NodeNumber peer) {
        FenceTry mine = draft.state().node().fencing().tries().get(peer);
        if (mine == null) {
            return;
        }
        boolean ends = switch (mine.stage()) {
            case ANNOUNCED -> true;
            case ORDERED -> false;
            case INHERITED -> draft.due().passed(mine.sinceNs(), turnNs(draft.state()));
            case FAILED -> lives(draft.state(), peer);
        };
        if (ends) {
            draft.decide(new Decision.FenceEnds(mine.attempt(), true, "it is not due any more"));
        }
    }

    private static boolean lives(State state, NodeNumber peer) {
        return state.regions().values().stream()
                .anyMatch(region -> region.liveReport(peer).isPresent());
    }

    private static void fence(Draft draft, FenceTarget target) {
        State state = draft.state();
        Optional<FenceTry> mine = state.node().fencing().on(target.node(), target.boot());
        if (mine.isEmpty()) {
            announce(draft, target, 1);
            return;
        }
        FenceTry attempt = mine.get();
        switch (attempt.stage()) {
            case ORDERED -> {} // one at a time
            case ANNOUNCED -> order(draft, target, attempt);
            case INHERITED -> {
                if (draft.due().passed(attempt.sinceNs(), turnNs(state))) {
                    draft.decide(new Decision.FenceEnds(attempt.attempt(), false, "its end was not seen"));
                }
            }
            case FAILED -> {
                if (draft.due().reached(attempt.retryAtNs())) {
                    announce(draft, target, attempt.attempt().count() + 1);
                }
            }
        }
    }

    private static void announce(Draft draft, FenceTarget target, int count) {
        State state = draft.state();
        boolean myTurn = draft.due().reached(target.dueNs() + rank(state, target) * turnNs(state));
        if (myTurn && runningElsewhere(draft, target.node(), target.boot()).isEmpty()) {
            draft.decide(new Decision.Fence(new FenceAttempt(
                    target.node(), target.boot(), target.generation(), FenceAttempt.Status.RUNNING, count, 0)));
        }
    }

    /** Runs once everybody can read that it will, and nobody else is at it. */
    private static void order(Draft draft, FenceTarget target, FenceTry mine) {
        State state = draft.state();
        SortedSet<NodeNumber> busy = runningElsewhere(draft, target.node(), target.boot());
        if (!busy.isEmpty()) {
            if (busy.first().compareTo(state.facts().self()) < 0) {
                draft.decide(new Decision.FenceEnds(mine.attempt(), true, "node " + busy.first() + " does it"));
            }
            return;
        }
        if (shownAndOthersRead(target, mine)) {
            draft.mutate(new Mutation.FenceNode(
                    target.node(),
                    target.boot(),
                    target.generation(),
                    mine.attempt().count()));
        }
    }

    private static boolean shownAndOthersRead(FenceTarget target, FenceTry mine) {
        RegionState region = target.region();
        boolean shown = region.published()
                .filter(r -> r.fences().contains(mine.attempt()))
                .isPresent();
        if (!shown) {
            return false;
        }
        for (NodeNumber waiter : target.waiters()) {
            BlockState block = region.block(waiter);
            boolean readable = block.trouble().isEmpty();
            if (readable && block.read() && region.readStartedNs(waiter) < region.publishedAtNs()) {
                return false;
            }
        }
        return true;
    }

    /** How many waiters come before this node. */
    private static int rank(State state, FenceTarget target) {
        return target.waiters().headSet(state.facts().self()).size();
    }

    /** One run and what it takes the others to see its end. */
    static long turnNs(State state) {
        return state.facts().fencing().commandTimeoutNs() + 2 * state.facts().periodNs();
    }

    /** Other nodes whose reports say, not too long ago, that their command runs on that life of a peer. */
    private static SortedSet<NodeNumber> runningElsewhere(Draft draft, NodeNumber peer, BootId boot) {
        State state = draft.state();
        SortedSet<NodeNumber> busy = new TreeSet<>();
        for (RegionState region : state.regions().values()) {
            for (NodeNumber other : state.facts().others()) {
                BlockState block = region.block(other);
                boolean runs = block.report().stream()
                        .flatMap(r -> r.fences().stream())
                        .anyMatch(f -> f.isOn(peer, boot) && f.status() == FenceAttempt.Status.RUNNING);
                if (runs && !draft.due().passed(block.newsSinceNs(), turnNs(state))) {
                    busy.add(other);
                }
            }
        }
        return busy;
    }

    /** Whether a node waits in that lockspace: it asks to be let in, has stopped, or runs with the peer in its view. */
    static boolean waitsIn(Report report, LockspaceEntry wanted) {
        return report.lockspace(wanted.name())
                .filter(e -> e.phase() != Phase.LEAVING)
                .isPresent();
    }
}
