// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tells where a cluster has come to rest: nothing is left to happen but faults, creates, and looking around that leads
 * from one of a few clusters to another and back.
 */
final class Rest {
    /** More than agents that see nothing new go round in. */
    private static final int MOST = 64;

    private final Moves moves;
    private final List<int[]> met = new ArrayList<>();
    private final List<int[]> edges = new ArrayList<>();
    private boolean moving;

    Rest(Moves moves) {
        this.moves = moves;
    }

    /** Whether a step may be missing, or is in nobody's power: what waits must not wait for it. */
    boolean mayFail(Event event, int[] world, int[] next) {
        return event.fault() != null || event.kind() == Event.Kind.CREATE || isFalse(event, world, next);
    }

    static boolean looks(Event event) {
        return event.kind() == Event.Kind.READ
                || event.kind() == Event.Kind.SAMPLE
                || event.kind() == Event.Kind.SILENCE;
    }

    private boolean isFalse(Event event, int[] world, int[] next) {
        return event.kind() == Event.Kind.SILENCE
                && moves.words.left(world, Fault.FALSE_VERDICT) != moves.words.left(next, Fault.FALSE_VERDICT);
    }

    /** Whether the cluster is one of those that looking around leads back to for ever, and nothing else can happen. */
    boolean isReached(int[] world) {
        met.clear();
        edges.clear();
        moving = false;
        met.add(world);
        for (int at = 0; at < met.size() && !moving && met.size() <= MOST; at++) {
            look(at);
        }
        return !moving && met.size() <= MOST && allLeadBack();
    }

    private void look(int at) {
        int[] here = met.get(at);
        moves.from(here, (node, event, next, violation) -> {
            if (violation.isPresent() || (!mayFail(event, here, next) && !looks(event))) {
                moving = true;
            } else if (!mayFail(event, here, next) && !moving) {
                edges.add(new int[] {at, index(next)});
            }
        });
    }

    private int index(int[] world) {
        for (int i = 0; i < met.size(); i++) {
            if (Arrays.equals(met.get(i), world)) {
                return i;
            }
        }
        met.add(world.clone());
        return met.size() - 1;
    }

    private boolean allLeadBack() {
        boolean[] leads = new boolean[met.size()];
        leads[0] = true;
        boolean more = true;
        while (more) {
            Optional<int[]> found = edges.stream()
                    .filter(edge -> leads[edge[1]] && !leads[edge[0]])
                    .findFirst();
            found.ifPresent(edge -> leads[edge[0]] = true);
            more = found.isPresent();
        }
        for (boolean one : leads) {
            if (!one) {
                return false;
            }
        }
        return true;
    }
}
