// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.Report;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.evidence.Decision;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.kernel.Mutation;
import java.util.Optional;
import java.util.stream.Stream;

/** What spans regions: verdicts, the order to go, comms. */
final class NodePlan {

    private NodePlan() {}

    static void plan(Draft draft) {
        State state = draft.state();
        for (Eviction verdict : Deaths.newVerdicts(state, draft.due())) {
            draft.decide(new Decision.Evict(verdict)); // rule 9: at once, before anything relies on it
        }
        SplitVerdict.plan(draft);
        if (state.mustGo().isEmpty()) {
            whyMustGo(state, draft.due()).ifPresent(why -> draft.decide(new Decision.MustGo(why)));
        }
        Fencing.plan(draft);
        NodeSide node = state.node();
        if (!draft.decisions().isEmpty() || node.reset().inFlight()) {
            return;
        }
        if (state.mustGo().isPresent()
                && draft.due().reached(node.reset().retryAtNs())
                && readyToReset(state, draft.due())) {
            draft.mutate(new Mutation.ResetNode(state.mustGo().get())); // behind no comm: its write may never return
            return;
        }
        if (node.inFlight().isEmpty() && draft.due().reached(node.retryAtNs())) {
            Comms.plan(draft);
        }
    }

    /** Section 8: a node that must go. */
    private static Optional<String> whyMustGo(State state, Due due) {
        for (RegionState region : state.regions().values()) {
            if (region.duplicate()) {
                return Optional.of("another machine writes this node's block in region " + region.id()
                        + ": two machines with number " + state.facts().self());
            }
        }
        if (state.evicted(state.facts().self(), state.facts().boot())) {
            return Optional.of("an evict record names this boot of this node" + becauseOfAnotherBoot(state));
        }
        Optional<String> lost = SplitVerdict.lost(state, due);
        if (lost.isPresent()) {
            return lost;
        }
        for (RegionState region : state.regions().values()) {
            if (!guardsAny(state, region)) {
                continue;
            }
            SlotState own = region.slot(state.facts().self());
            if (!region.present()) {
                return Optional.of("region " + region.id() + " was taken away under its lockspaces");
            }
            if (own.cause() == SlotState.Cause.LEFT) {
                return Optional.of("this node stopped heartbeating in region " + region.id() + " under its lockspaces");
            }
            long stall = (state.facts().deadThreshold() - 1) * state.facts().periodNs();
            if (own.isLive() && own.lastScanNs() - own.changeSeenNs() >= stall) {
                return Optional.of(
                        "own heartbeat in region " + region.id() + " did not advance for " + stall / 1_000_000 + " ms");
            }
        }
        return LostGuard.whyMustGo(state, due);
    }

    /** The one verdict that a living node can meet without a silence of its own. */
    private static String becauseOfAnotherBoot(State state) {
        boolean another = Stream.concat(
                        state.evictions().stream(),
                        state.regions().values().stream()
                                .flatMap(region -> region.blocks().values().stream())
                                .flatMap(block -> block.report().stream())
                                .flatMap(report -> report.evictions().stream()))
                .anyMatch(e -> e.node().equals(state.facts().self())
                        && e.boot().equals(state.facts().boot())
                        && e.kind() == Eviction.Kind.REBOOTED);
        return another
                ? ", since a later boot reports under its number: are there two machines with number "
                        + state.facts().self() + "?"
                : "";
    }

    /** Whether the region guards a lockspace that this node has, or had, running in it. */
    private static boolean guardsAny(State state, RegionState region) {
        for (LockspaceState lockspace : state.lockspaces().values()) {
            KernelSide kernel = lockspace.kernel();
            boolean ran = kernel.mayRun() || kernel.run() == KernelSide.Run.STOPPED;
            if (ran
                    && !kernel.forgotten()
                    && (lockspace.guard().filter(region.id()::equals).isPresent()
                            || mustHaveGuarded(state, region, lockspace))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether what an agent found in the kernel can have run by that region only: its board, which would tell, was not
     * read before the region went, every other board was, and the memory or else the rules name it.
     */
    private static boolean mustHaveGuarded(State state, RegionState region, LockspaceState found) {
        return !region.recalled()
                && found.guard().isEmpty()
                && !found.uncontrolled()
                && state.recalled()
                && Recall.guardOf(state, found).filter(region.id()::equals).isPresent();
    }

    /** Everything stopped and EVICT-ME published, or long enough waited for it. */
    private static boolean readyToReset(State state, Due due) {
        if (state.facts().fence() == FenceMode.MANUAL) {
            return false;
        }
        boolean stopped =
                state.lockspaces().values().stream().noneMatch(l -> l.kernel().mayRun());
        boolean told = state.regions().values().stream()
                .filter(r -> r.present() && r.hasBoard() && r.recalled() && !r.duplicate())
                .allMatch(r -> r.published().filter(Report::mustGo).isPresent());
        return (stopped && told)
                || due.passed(state.mustGoSinceNs(), 2 * state.facts().periodNs()); // long enough waited
    }
}
