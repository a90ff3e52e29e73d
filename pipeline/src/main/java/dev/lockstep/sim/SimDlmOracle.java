// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Sees all kernels at once and writes down what must never happen. Guarded by the fabric's monitor. */
final class SimDlmOracle {
    private record Started(LockspaceName lockspace, Epoch epoch) {}

    /** The view an epoch was first started with, and the lives that did. */
    private record Use(View view, Set<BootId> by) {}

    private final List<String> violations = new ArrayList<>();
    private final Map<Started, Use> started = new HashMap<>();
    private BiPredicate<LockspaceName, BootId> unknown = (lockspace, life) -> false;

    void forgets(BiPredicate<LockspaceName, BootId> lives) {
        unknown = lives;
    }

    void violated(String what) {
        violations.add(what);
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** P1 to P4 in the moment of a start, judged by what every living kernel really does. */
    void starting(SimDlmLockspace here, Epoch epoch, View view, List<SimDlmLockspace> everywhere) {
        Started start = new Started(here.name, epoch);
        Use before = started.get(start);
        if (before == null || (!before.view.equals(view) && isForgotten(start, before))) {
            before = new Use(view, new HashSet<>());
            started.put(start, before);
        }
        before.by.add(here.boot);
        if (!before.view.equals(view)) {
            violated("node " + here.self + " starts " + here.name + " epoch " + epoch + " with " + view.nodes()
                    + ", another did with " + before.view.nodes());
        }
        for (SimDlmLockspace other : everywhere) {
            if (other == here) {
                continue;
            }
            if (other.running && other.epoch != epoch.value()) {
                violated("node " + here.self + " starts " + here.name + " epoch " + epoch + " while node " + other.self
                        + " runs it under epoch " + other.epoch);
            }
            boolean mayHoldLocks = other.epoch > 0 && !other.inRelease;
            if (mayHoldLocks && !view.has(other.self)) {
                violated("node " + here.self + " starts " + here.name + " epoch " + epoch + " without node "
                        + other.self + ", which has not released it");
            }
        }
    }

    private boolean isForgotten(Started start, Use use) {
        return use.by.stream().allMatch(life -> unknown.test(start.lockspace, life));
    }

    /** The plain meaning of an exclusive lock. */
    void granted(SimDlmLockspace here, String resource, List<SimDlmLockspace> everywhere) {
        for (SimDlmLockspace other : everywhere) {
            // Whoever is being released has given up its locks, though the kernel drops them when it is answered.
            if (other != here && !other.inRelease && other.held.contains(resource)) {
                violated("two EX holders of " + resource + " in " + here.name + ": nodes " + other.self + " and "
                        + here.self);
            }
        }
    }
}
