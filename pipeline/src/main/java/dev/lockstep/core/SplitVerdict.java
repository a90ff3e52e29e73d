// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Decision;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What follows from a split: it is shown, and where the administrator asked for it, its losers go once it has stood for
 * long enough. The winners do nothing: they wait for the losers' next boot or the proof of their death, as for anybody.
 */
final class SplitVerdict {

    private SplitVerdict() {}

    /** Keeps track of since when each board has shown what it shows. */
    static void plan(Draft draft) {
        State state = draft.state();
        for (RegionState region : state.regions().values()) {
            Optional<Split> now = region.present() ? Split.of(state, region) : Optional.empty();
            if (!now.equals(state.node().mesh().split(region.id()))) {
                draft.decide(new Decision.SplitSeen(
                        region.id(),
                        now.map(Split::goOn).orElseGet(TreeSet::new),
                        now.map(Split::lose).orElseGet(TreeSet::new)));
            }
        }
    }

    /** {@return why this node must go as the loser of a split, if it must} */
    static Optional<String> lost(State state, Due due) {
        long afterNs = state.facts().fencing().splitVerdictAfterNs();
        if (afterNs == FencePolicy.NEVER) {
            return Optional.empty();
        }
        for (Map.Entry<RegionId, Mesh.Seen> each : state.node().mesh().splits().entrySet()) {
            Mesh.Seen seen = each.getValue();
            RegionState region = state.regions().get(each.getKey());
            boolean current = region != null
                    && Split.of(state, region).filter(seen.split()::equals).isPresent();
            if (current
                    && seen.split().lose().contains(state.facts().self())
                    && due.reached(seen.sinceNs() + afterNs)) {
                return Optional.of("it lost the split of the network that region " + each.getKey() + " shows: nodes "
                        + seen.split().text());
            }
        }
        return Optional.empty();
    }

    /** {@return the split that the region's board shows, if it does} */
    static List<Reason> reasons(Draft draft, RegionState region) {
        Optional<Split> split = draft.state().node().mesh().split(region.id());
        return split.isEmpty()
                ? List.of()
                : List.of(draft.reason(
                        ReasonCode.SPLIT,
                        split.get().lose(),
                        "nodes " + split.get().text()));
    }
}
