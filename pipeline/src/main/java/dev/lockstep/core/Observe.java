// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Eviction;
import dev.lockstep.domain.Generation;
import dev.lockstep.event.LogEvent;
import dev.lockstep.evidence.Decision;
import dev.lockstep.evidence.Evidence;

/** observe(state, evidence): what each kind of evidence makes of the state. */
final class Observe {

    private Observe() {}

    static Observed apply(State before, Evidence evidence) {
        Turn turn = new Turn(before.at(evidence.atNs()));
        if (evidence instanceof Evidence.OfRegion ofRegion) {
            ObserveRegion.apply(turn, ofRegion);
        } else if (evidence instanceof Evidence.Decided decided) {
            decided(turn, decided.decision());
        } else if (evidence instanceof Evidence.BadInput bad) {
            turn.self(LogEvent.Type.BAD_INPUT, bad.what());
        } else if (evidence instanceof Evidence.PeerProbed probe) {
            ObserveLinks.probed(turn, probe);
        } else if (evidence instanceof Evidence.FenceAcknowledged ack) {
            Eviction eviction = new Eviction(ack.node(), ack.boot(), Generation.NONE, Eviction.Kind.ACKNOWLEDGED);
            evict(turn, eviction);
        } else {
            ObserveKernel.apply(turn, evidence);
        }
        return turn.done();
    }

    private static void decided(Turn turn, Decision decision) {
        if (decision instanceof Decision.Move move) {
            move(turn, move);
        } else if (decision instanceof Decision.Evict evict) {
            evict(turn, evict.eviction());
        } else if (decision instanceof Decision.Fence fence) {
            ObserveFence.announced(turn, fence.attempt());
        } else if (decision instanceof Decision.FenceEnds ends) {
            ObserveFence.ends(turn, ends);
        } else if (decision instanceof Decision.SplitSeen seen) {
            ObserveLinks.seen(turn, seen);
        } else if (decision instanceof Decision.MustGo mustGo) {
            turn.state(turn.state().withMustGo(mustGo.why()));
            turn.self(LogEvent.Type.VERDICT, "this node must go: " + mustGo.why());
            turn.dirtyAll();
        } else if (decision instanceof Decision.Waits waits) {
            waits(turn, waits);
        }
    }

    private static void move(Turn turn, Decision.Move move) {
        LockspaceState lockspace = turn.state().lockspaces().get(move.lockspace());
        if (lockspace == null) {
            return; // released meanwhile
        }
        LockspaceState moved = lockspace.moved(
                move.guard(),
                move.phase(),
                move.epoch(),
                move.view(),
                move.join(),
                turn.state().nowNs());
        turn.state(turn.state().with(moved));
        String phase = move.phase().map(Enum::name).orElse("ABSENT");
        turn.lockspace(
                LogEvent.Type.PHASE,
                move.lockspace(),
                move.epoch().value(),
                phase + " with members " + move.view().nodes() + ": " + move.why());
        turn.dirty(moved);
    }

    static void evict(Turn turn, Eviction eviction) {
        State next = turn.state().withEviction(eviction);
        if (next.evictions().equals(turn.state().evictions())) {
            return;
        }
        turn.state(next);
        turn.self(
                LogEvent.Type.VERDICT,
                "node " + eviction.node() + " under boot " + eviction.boot() + " is out: " + eviction.kind());
        turn.dirtyAll();
    }

    private static void waits(Turn turn, Decision.Waits waits) {
        LockspaceState lockspace = turn.state().lockspaces().get(waits.lockspace());
        if (lockspace == null) {
            return;
        }
        turn.state(turn.state().with(lockspace.withReasons(waits.reasons())));
        StringBuilder text = new StringBuilder();
        waits.reasons()
                .forEach(r -> text.append(text.length() == 0 ? "waits: " : ", ")
                        .append(r.code())
                        .append(r.nodes().isEmpty() ? "" : r.nodes().toString()));
        turn.lockspace(
                LogEvent.Type.WAIT,
                waits.lockspace(),
                lockspace.epoch().value(),
                text.length() == 0 ? "waits no more" : text.toString());
    }
}
