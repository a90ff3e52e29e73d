// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.FenceAttempt;
import dev.lockstep.board.Report;
import dev.lockstep.event.LogEvent;
import dev.lockstep.evidence.Decision;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import java.util.Optional;

/** What becomes of the own fence command. */
final class ObserveFence {

    private ObserveFence() {}

    static void announced(Turn turn, FenceAttempt attempt) {
        NodeSide node = turn.state().node();
        FenceTry announced = FenceTry.announced(attempt, turn.state().nowNs());
        turn.state(turn.state().with(node.with(node.fencing().with(announced))));
        turn.self(
                LogEvent.Type.VERDICT,
                "node " + attempt.node() + " under boot " + attempt.boot() + " is to be fenced, attempt "
                        + attempt.count());
        turn.dirtyAll(); // every board shall show it
    }

    static void ends(Turn turn, Decision.FenceEnds ends) {
        FenceAttempt attempt = ends.attempt();
        NodeSide node = turn.state().node();
        Optional<FenceTry> mine = node.fencing().on(attempt.node(), attempt.boot());
        if (mine.isEmpty()) {
            return;
        }
        FenceTries rest = ends.forgotten()
                ? node.fencing().without(attempt)
                : node.fencing()
                        .with(mine.get()
                                .failed(
                                        FenceAttempt.UNKNOWN,
                                        ends.why(),
                                        turn.state().nowNs()));
        turn.state(turn.state().with(node.with(rest)));
        turn.self(LogEvent.Type.RESULT, "fencing node " + attempt.node() + ": " + ends.why());
        turn.dirtyAll();
    }

    static void ordered(Turn turn, Mutation.FenceNode order) {
        NodeSide node = turn.state().node();
        node.fencing()
                .on(order.node(), order.boot())
                .ifPresent(mine -> turn.state(turn.state()
                        .with(node.with(
                                node.fencing().with(mine.ordered(turn.state().nowNs()))))));
    }

    /** Bound to the life that was to be fenced: whatever the peer has become since, that life is over. */
    static void ended(Turn turn, Mutation.FenceNode order, Outcome outcome) {
        NodeSide node = turn.state().node();
        Optional<FenceTry> mine = node.fencing().on(order.node(), order.boot());
        String how = outcome instanceof Outcome.Exited exited
                ? "exit status " + exited.status() + (exited.said().isEmpty() ? "" : ": " + exited.said())
                : outcome.toString();
        turn.self(LogEvent.Type.RESULT, order.text() + ": " + how);
        if (outcome instanceof Outcome.Exited exited && exited.status() == 0) {
            mine.ifPresent(m ->
                    turn.state(turn.state().with(node.with(node.fencing().without(m.attempt())))));
            Observe.evict(turn, new Eviction(order.node(), order.boot(), order.generation(), Eviction.Kind.FENCED));
        } else if (mine.isPresent()) {
            int exit = outcome instanceof Outcome.Exited exited
                    ? Math.min(exited.status(), FenceAttempt.UNKNOWN)
                    : FenceAttempt.UNKNOWN;
            FenceTry failed = mine.get().failed(exit, how, turn.state().nowNs());
            turn.state(turn.state().with(node.with(node.fencing().with(failed))));
        }
        turn.dirtyAll();
    }

    /** The own report of before the agent's start: a command that ran then may run still. */
    static void recalled(Turn turn, Report own) {
        for (FenceAttempt attempt : own.fences()) {
            NodeSide node = turn.state().node();
            if (node.fencing().on(attempt.node(), attempt.boot()).isEmpty()) {
                FenceTry inherited = FenceTry.inherited(attempt, turn.state().nowNs());
                turn.state(turn.state().with(node.with(node.fencing().with(inherited))));
            }
        }
    }
}
