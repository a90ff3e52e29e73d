// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.core.Core;
import dev.lockstep.core.Planned;
import dev.lockstep.core.Scope;
import dev.lockstep.core.State;
import dev.lockstep.evidence.Evidence;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Checks, where assertions are on, what the loop relies on to plan seldom: that a plan comes out as it did unless
 * evidence made its scope dirty or its time is due.
 */
final class PlanAudit {
    private final Map<Scope, Planned> standing = new HashMap<>();

    /** {@return true; takes a scope's plan, unless it begins anything: then the scope is dirty again} */
    boolean planned(Scope scope, Planned planned) {
        if (planned.mutations().isEmpty()) {
            standing.put(scope, planned);
        }
        return true;
    }

    /**
     * {@return true}
     *
     * @throws AssertionError if a plan changed that nobody would make anew
     */
    boolean holds(State state, Set<Scope> dirty, Evidence evidence) {
        standing.keySet().removeAll(dirty);
        if (evidence instanceof Evidence.ReportSubmitted submitted) {
            standing.computeIfPresent(
                    new Scope.OfRegion(submitted.region()), (scope, planned) -> planned.handedOver(submitted.report()));
        }
        standing.forEach((scope, planned) -> {
            if (state.nowNs() < planned.dueNs()) {
                Planned now = Core.plan(state, scope);
                if (!now.sameActs(planned)) {
                    throw new AssertionError("the plan of " + scope + " changed, and nothing made it dirty: from "
                            + planned + " to " + now);
                }
            }
        });
        return true;
    }
}
