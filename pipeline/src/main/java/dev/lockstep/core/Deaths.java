// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.Report;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.sorted.SortedArraySet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Section 8: which lives of which nodes are proven over, seen over all regions. */
final class Deaths {

    private Deaths() {}

    /** {@return verdicts on boots still named that evidence supports and the own evict list does not hold yet} */
    static List<Eviction> newVerdicts(State state, Due due) {
        List<Eviction> verdicts = new ArrayList<>(0); // mostly there are none
        for (NodeNumber other : state.facts().others()) {
            for (RegionState region : state.regions().values()) {
                Optional<Report> report = region.report(other);
                if (report.isPresent()) {
                    timeout(state, due, region, report.get(), verdicts);
                    rebooted(state, region, report.get(), verdicts);
                    vouchedFor(state, report.get(), verdicts);
                }
            }
        }
        AgentSilence.verdicts(state, verdicts);
        if (verdicts.isEmpty()) {
            return verdicts;
        }
        verdicts.removeIf(v -> state.provenDead(v.node(), v.boot()) || !state.names(v.node(), v.boot()));
        return verdicts;
    }

    /** What an administrator or a fence command told one node holds for all; a TIMEOUT each has to see for itself. */
    private static void vouchedFor(State state, Report report, List<Eviction> verdicts) {
        for (int i = 0; i < report.evictions().size(); i++) {
            Eviction told = report.evictions().get(i);
            boolean vouched = told.kind() == Eviction.Kind.ACKNOWLEDGED || told.kind() == Eviction.Kind.FENCED;
            if (vouched && !told.node().equals(state.facts().self())) {
                verdicts.add(told);
            }
        }
    }

    /**
     * A TIMEOUT proves the death of whoever had reported before the silence was confirmed: a report made under a later
     * generation would have shown that generation in the slot, so the report's is the silent one or an earlier one.
     * A slot that could not be read in the end may have said that its node left.
     */
    private static void timeout(State state, Due due, RegionState region, Report report, List<Eviction> verdicts) {
        NodeNumber other = report.node();
        SlotState slot = region.slot(other);
        if (state.facts().fence() != FenceMode.SELF || !slot.timedOut()) {
            return;
        }
        boolean reportIsOlder = region.block(other).newsSinceNs() <= slot.lastScanNs();
        if (reportIsOlder
                && isSilentAsRead(state.facts(), slot)
                && !livesElsewhere(state, due, region, other, report.boot())) {
            verdicts.add(new Eviction(other, report.boot(), slot.generation(), Eviction.Kind.TIMEOUT));
        }
    }

    /** Whether the slot was read, and said what it had said, after the whole of the silence. */
    static boolean isSilentAsRead(ClusterFacts facts, SlotState slot) {
        long silenceNs = facts.deadThreshold() * facts.periodNs() + facts.marginNs();
        return slot.lastScanNs() - slot.changeSeenNs() >= silenceNs;
    }

    /**
     * Whether a fence command may be asked for: silent past the threshold, or out of the region for good, while this
     * node beats there itself. After a LEFT nobody counts, so the time since must do; it proves nothing, and need not.
     */
    static boolean silent(State state, Due due, RegionState region, NodeNumber other) {
        SlotState own = region.slot(state.facts().self());
        boolean looking = region.present()
                && own.isLive()
                && !due.passed(own.lastChangeNs(), 3 * state.facts().periodNs());
        SlotState slot = region.slot(other);
        boolean reportIsOlder = region.block(other).newsSinceNs() <= slot.lastScanNs();
        return looking && reportIsOlder && (slot.timedOut() || slot.cause() == SlotState.Cause.LEFT);
    }

    /** Another life of the node reported in its place, or lives on elsewhere. */
    @SuppressWarnings("ReferenceEquality") // of one view the answer is one
    private static void rebooted(State state, RegionState region, Report report, List<Eviction> verdicts) {
        NodeNumber other = report.node();
        region.block(other).replaced().ifPresent(boot -> verdicts.add(reboot(other, boot)));
        if (superseded(state, other, report.boot())) {
            verdicts.add(new Eviction(other, report.boot(), report.generation(), Eviction.Kind.REBOOTED));
        }
        // What a view was made of was read on this board before what is read there now.
        for (LockspaceState lockspace : state.lockspaces().values()) {
            if (lockspace.guard().isPresent() && lockspace.guard().get().equals(region.id())) {
                View view = lockspace.view();
                View given = lockspace.kernel().given();
                View processed = lockspace.kernel().processed();
                formerMember(view, report, verdicts);
                if (given != view) { // mostly all three are one
                    formerMember(given, report, verdicts);
                }
                if (processed != given) {
                    formerMember(processed, report, verdicts);
                }
            }
        }
    }

    private static void formerMember(View view, Report report, List<Eviction> verdicts) {
        Optional<Member> member = view.member(report.node());
        if (member.isPresent() && !member.get().boot().equals(report.boot())) {
            verdicts.add(reboot(report.node(), member.get().boot()));
        }
    }

    private static Eviction reboot(NodeNumber node, BootId boot) {
        return new Eviction(node, boot, Generation.NONE, Eviction.Kind.REBOOTED);
    }

    /** {@return whether that life of a node is over for certain} */
    static boolean over(State state, NodeNumber node, BootId boot) {
        return state.provenDead(node, boot) || superseded(state, node, boot);
    }

    /**
     * Whether another life of the node followed this one. Two boots on two boards do not tell which is the later; a
     * beat after the other's report was read does. Nor does a board tell anything that does not show this one: its own
     * may be one that is not here.
     */
    private static boolean superseded(State state, NodeNumber node, BootId boot) {
        long livedBefore = -1;
        boolean another = false;
        for (RegionState region : state.regions().values()) {
            BlockState block = region.block(node);
            if (region.present() && region.hasBoard() && !block.read()) {
                return false;
            }
            if (block.report().isEmpty()) {
                continue;
            }
            if (block.report().get().boot().equals(boot)) {
                livedBefore = Math.max(livedBefore, block.bootSinceNs());
            } else {
                another = true;
            }
        }
        return another && beatAfter(state, node, boot, Math.max(0, livedBefore));
    }

    private static boolean beatAfter(State state, NodeNumber node, BootId not, long momentNs) {
        for (RegionState region : state.regions().values()) {
            if (region.slot(node).movedAfterNs() >= momentNs) {
                Optional<Report> live = region.liveReport(node);
                if (live.isPresent() && !live.get().boot().equals(not)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@return those that timed out in {@code region} but are not proven dead because they live in another one} */
    static SortedArraySet<NodeNumber> timedOutButAlive(
            State state, Due due, RegionState region, SortedArraySet<NodeNumber> among) {
        SortedArraySet<NodeNumber> nodes = SortedArraySet.empty();
        for (NodeNumber other : among) {
            Optional<Report> report = region.report(other);
            if (region.slot(other).timedOut()
                    && report.isPresent()
                    && livesElsewhere(state, due, region, other, report.get().boot())) {
                nodes = nodes.with(other);
            }
        }
        return nodes;
    }

    /** Whether some other region contradicts the death of that life of the node. */
    static boolean livesElsewhere(State state, Due due, RegionState here, NodeNumber other, BootId boot) {
        for (RegionState region : state.regions().values()) {
            if (!region.id().equals(here.id()) && leftSince(state.facts(), region.slot(other), here.slot(other))) {
                return true;
            }
        }
        return beatsElsewhere(state, due, here, other, boot);
    }

    /** Whether that life of the node may still beat in some other region. */
    static boolean beatsElsewhere(State state, Due due, RegionState here, NodeNumber other, BootId boot) {
        for (RegionState region : state.regions().values()) {
            if (region.id().equals(here.id())) {
                continue;
            }
            if (!mayLive(state, due, region, other)) {
                continue;
            }
            Generation generation = region.slot(other).generation();
            boolean anotherLife = region.report(other)
                    .filter(r -> r.generation().equals(generation) && !r.boot().equals(boot))
                    .isPresent();
            if (!anotherLife) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a node stopped a heartbeat in good order when it had missed beats in the region where it is silent: then
     * it may have stopped that one as well, its disk refusing the last word, and fences itself for neither. Counts
     * from the last scan before the stop: this node may have looked there late.
     */
    private static boolean leftSince(ClusterFacts facts, SlotState there, SlotState here) {
        return there.cause() == SlotState.Cause.LEFT
                && there.seen()
                && there.movedAfterNs() - here.changeSeenNs() > 2 * facts.periodNs();
    }

    private static boolean mayLive(State state, Due due, RegionState region, NodeNumber other) {
        SlotState slot = region.slot(other);
        if (slot.status() == SlotState.Status.DOWN && slot.cause() != SlotState.Cause.RESTARTED) {
            return false;
        }
        if (!slot.seen()) {
            return region.present();
        }
        if (region.present() && region.slot(state.facts().self()).isLive()) {
            return true;
        }
        // We do not beat, or look, there, so no silence is ever counted: go by time since the slot last moved.
        long silence = state.facts().deadThreshold() * state.facts().periodNs()
                + state.facts().marginNs();
        return !due.reached(slot.changeSeenNs() + silence);
    }
}
