// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.Phase;
import dev.lockstep.core.LockspaceState;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.View;
import dev.lockstep.reason.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Liveness in the small: where nothing is left to happen but faults, all that run a lockspace run it in one view, and
 * whatever waits says why.
 */
final class Quiet {
    private final Cluster cluster;
    private final Map<String, Long> waits = new TreeMap<>();
    private long met;

    Quiet(Cluster cluster) {
        this.cluster = cluster;
    }

    long met() {
        return met;
    }

    Map<String, Long> waits() {
        return waits;
    }

    /**
     * {@return what is wrong with a quiet cluster}
     *
     * @param readable whether every block can be read by whoever wants to
     */
    Optional<String> judge(List<Machine> machines, boolean readable) {
        met++;
        for (LockspaceName name : cluster.lockspaces) {
            Optional<String> wrong = judge(machines, name, readable);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private Optional<String> judge(List<Machine> machines, LockspaceName name, boolean readable) {
        List<View> views = new ArrayList<>();
        boolean waiting = false;
        for (Machine machine : machines) {
            Space space = machine.spaces().get(name);
            if (space == null || !machine.hasAgent()) {
                continue;
            }
            LockspaceState known = machine.state().orElseThrow().lockspaces().get(name);
            if (known == null) {
                return Optional.of("node " + machine.number() + " has forgotten " + name);
            }
            if (space.running()
                    && known.phase().equals(Optional.of(Phase.STARTED))
                    && known.unanswered().isEmpty()) {
                views.add(known.view());
                continue;
            }
            waiting = true;
            if (known.reasons().isEmpty()) {
                return Optional.of("P12: " + name + " waits silently on node " + machine.number());
            }
            String why =
                    known.reasons().stream().map(Reason::code).sorted().toList().toString();
            waits.merge(why, 1L, Long::sum);
        }
        if (views.stream().distinct().count() > 1) {
            return Optional.of("P12: " + name + " runs in two views, and nothing is left to happen");
        }
        if (waiting && readable && machines.stream().allMatch(Quiet::holdsNobodyUp)) {
            return Optional.of("P12: " + name + " does not start though every node beats everywhere or is dead");
        }
        return Optional.empty();
    }

    /** A machine that is down after a clean stop of its heartbeat proves nothing. */
    private static boolean holdsNobodyUp(Machine machine) {
        boolean beats = machine.beats().stream().allMatch(Machine.Beat::beating);
        boolean dead = !machine.up() && machine.beats().stream().allMatch(Machine.Beat::present);
        return dead || (machine.hasAgent() && beats);
    }
}
