// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.sorted.SortedArraySet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/** Rule 4: what stands between STOPPED(e) and a start under e. No reason left, and the start is safe. */
final class StartGate {

    private final State state;
    private final RegionState region;
    private final LockspaceState lockspace;
    private final Draft draft;
    private final List<Reason> reasons = new ArrayList<>();

    private StartGate(Draft draft, RegionState region, LockspaceState lockspace) {
        this.draft = draft;
        this.state = draft.state();
        this.region = region;
        this.lockspace = lockspace;
    }

    /** {@return what the start waits for; empty if it may go ahead} */
    static List<Reason> reasons(Draft draft, RegionState region, LockspaceState lockspace) {
        StartGate gate = new StartGate(draft, region, lockspace);
        gate.selfExclusion();
        gate.allStopped();
        gate.everyBlockReadSince();
        gate.nobodyUnsettled();
        gate.agentsAnswer();
        gate.proofsPublished();
        gate.sameDisk();
        gate.comms();
        gate.split();
        return gate.reasons;
    }

    private void selfExclusion() {
        if (state.evicted(state.facts().self(), state.facts().boot())) {
            reasons.add(draft.reason(ReasonCode.EVICTED, "")); // rule 4e
        }
        if (!region.slot(state.facts().self()).isLive()) {
            reasons.add(draft.reason(ReasonCode.OWN_HEARTBEAT_UNSEEN, ""));
        } else if (draft.due().passed(ownLastChangeNs(), 3 * state.facts().periodNs())) {
            reasons.add(draft.reason(ReasonCode.OWN_HEARTBEAT_STALLED, ""));
        }
    }

    private long ownLastChangeNs() {
        return region.slot(state.facts().self()).lastChangeNs();
    }

    /** Rule 4a, P2: every member of the view shows the same epoch and digest, ourselves included. */
    private void allStopped() {
        if (lockspace.publishedNs() < 0) {
            reasons.add(draft.reason(ReasonCode.REPORT_UNPUBLISHED, ""));
        }
        SortedArraySet<NodeNumber> running = SortedArraySet.empty();
        SortedArraySet<NodeNumber> differing = SortedArraySet.empty();
        for (Member member : lockspace.view().members()) {
            if (member.node().equals(state.facts().self())) {
                continue;
            }
            Optional<LockspaceEntry> entry = entryOf(member);
            boolean stopped = entry.isPresent()
                    && (entry.get().phase() == Phase.STOPPED || entry.get().phase() == Phase.STARTED)
                    && entry.get().epoch().equals(lockspace.epoch());
            if (!stopped) {
                running = running.with(member.node());
            } else if (!entry.get().digest().equals(lockspace.view().digest())) {
                differing = differing.with(member.node());
            }
        }
        if (!running.isEmpty()) {
            reasons.add(draft.reason(
                    ReasonCode.MEMBER_NOT_STOPPED, running, "epoch " + lockspace.epoch() + shown(running)));
        }
        if (!differing.isEmpty()) {
            reasons.add(draft.reason(
                    ReasonCode.VIEW_DIFFERS,
                    differing,
                    "epoch " + lockspace.epoch() + ", here " + lockspace.view().nodes() + shown(differing)));
        }
    }

    private Optional<LockspaceEntry> entryOf(Member member) {
        Optional<Report> report = region.report(member.node());
        if (report.isEmpty()
                || !report.get().boot().equals(member.boot())
                || !report.get().generation().equals(member.generation())) {
            return Optional.empty();
        }
        Optional<LockspaceEntry> entry = report.get().lockspace(lockspace.name());
        return entry.isPresent() && entry.get().join().equals(member.join()) ? entry : Optional.empty();
    }

    private String shown(SortedSet<NodeNumber> nodes) {
        StringBuilder text = new StringBuilder();
        for (NodeNumber node : nodes) {
            String says = region.entry(node, lockspace.name())
                    .map(e -> e.phase() + "(" + e.epoch() + ") " + e.nodes())
                    .orElse("nothing");
            text.append("; node ").append(node).append(" says ").append(says);
        }
        return text.toString();
    }

    /**
     * Rule 4b, and 7's "a block never read": nothing that happened before our STOPPED may be missed. Nor, P5, what the
     * others did while our own heartbeat stood still: they may have taken this node for dead and gone on. A reading
     * that does not show our STOPPED tells of a time before it, whenever it was begun; so that the one that shows it
     * has every other block, too, the last one must have all.
     */
    private void everyBlockReadSince() {
        SortedArraySet<NodeNumber> unread = SortedArraySet.empty();
        SortedArraySet<NodeNumber> readBeforeStall = SortedArraySet.empty();
        for (NodeNumber other : state.facts().others()) {
            if (!region.isKnown(other)
                    || !region.block(other).current()
                    || lockspace.publishedNs() < 0
                    || region.readStartedNs(other) < lockspace.publishedNs()) {
                unread = unread.with(other);
            } else if (region.readStartedNs(other) <= region.stalledAtNs()) {
                readBeforeStall = readBeforeStall.with(other);
            }
        }
        if (!unread.isEmpty()) {
            reasons.add(draft.reason(ReasonCode.BOARD_UNREAD, unread, ""));
        } else if (!ownStopIsShown()) {
            reasons.add(draft.reason(
                    ReasonCode.BOARD_UNREAD, List.of(state.facts().self()), "since it shows this node's own report"));
        }
        if (!readBeforeStall.isEmpty()) {
            reasons.add(draft.reason(
                    ReasonCode.BOARD_UNREAD, readBeforeStall, "since this node's own heartbeat moves again"));
        }
    }

    /** Unless the last reading, of which the own block is a part, says otherwise. */
    private boolean ownStopIsShown() {
        NodeNumber self = state.facts().self();
        BlockState own = region.block(self);
        boolean showsOther =
                own.current() && !region.entry(self, lockspace.name()).equals(lockspace.entry());
        return own.trouble().isEmpty() && !showsOther;
    }

    /** Rule 4c with 7, P3. */
    private void nobodyUnsettled() {
        SortedArraySet<NodeNumber> unsettled = Settlement.unsettled(state, region, lockspace, lockspace.view());
        SortedArraySet<NodeNumber> elsewhere = Deaths.timedOutButAlive(state, draft.due(), region, unsettled);
        for (NodeNumber alive : elsewhere) {
            unsettled = unsettled.without(alive);
        }
        if (!elsewhere.isEmpty()) {
            reasons.add(draft.reason(ReasonCode.LIVES_ELSEWHERE, elsewhere, ""));
        }
        if (!unsettled.isEmpty()) {
            reasons.add(draft.reason(ReasonCode.UNSETTLED, unsettled, seen(unsettled)));
            FenceNews.of(state, region, unsettled).reasons(draft, reasons);
        }
    }

    private String seen(SortedSet<NodeNumber> nodes) {
        StringBuilder text = new StringBuilder();
        for (NodeNumber node : nodes) {
            text.append(text.length() == 0 ? "" : "; ")
                    .append("node ")
                    .append(node)
                    .append(" is ")
                    .append(region.slot(node).status())
                    .append(region.slot(node).timedOut() ? " by TIMEOUT" : "")
                    .append(" and says ")
                    .append(region.entry(node, lockspace.name())
                            .map(e -> e.phase() + "(" + e.epoch() + ")")
                            .orElse("nothing"))
                    .append(region.report(node).map(Report::mustGo).orElse(false) ? ", and that it must go" : "");
        }
        return text.toString();
    }

    /** Names what is behind the other reasons; it is none of its own. */
    private void agentsAnswer() {
        if (reasons.isEmpty()) {
            return;
        }
        SortedArraySet<NodeNumber> silent = SortedArraySet.empty();
        for (Reason reason : reasons) {
            for (NodeNumber node : reason.nodes()) {
                silent = AgentSilence.isNamed(region, node) ? silent.with(node) : silent;
            }
        }
        if (!silent.isEmpty()) {
            reasons.add(draft.reason(ReasonCode.AGENT_SILENT, silent, ""));
        }
    }

    /** Rules 4d and 9: what this start relies on must survive us, and what is about to be known counts already. */
    private void proofsPublished() {
        boolean published = Deaths.newVerdicts(state, draft.due()).isEmpty()
                && region.published().isPresent()
                && region.published().get().evictions().containsAll(state.evictions());
        if (!published) {
            reasons.add(draft.reason(ReasonCode.PROOF_UNPUBLISHED, ""));
        }
    }

    /** Names what is behind the other reasons; it is none of its own: a start waits for what the board says. */
    private void split() {
        if (!reasons.isEmpty()) {
            reasons.addAll(SplitVerdict.reasons(draft, region));
        }
    }

    /** The network only vetoes: a peer that talks about this region but is absent from our board. */
    private void sameDisk() {
        SortedArraySet<NodeNumber> absent = SortedArraySet.empty();
        for (Map.Entry<NodeNumber, RegionState.Heard> each : region.heard().entrySet()) {
            NodeNumber node = each.getKey();
            RegionState.Heard heard = each.getValue();
            // A beat on our disk that is later than its word shows that it has our disk, be it under another life.
            boolean beatSince = region.slot(node).movedAfterNs() >= heard.atNs();
            if (region.readStartedNs(node) > heard.atNs() && !beatSince && !state.provenDead(node, heard.boot())) {
                absent = absent.with(node);
            }
        }
        if (!absent.isEmpty()) {
            reasons.add(draft.reason(ReasonCode.DISK_NOT_SHARED, absent, ""));
        }
    }

    /** P7: every member's comm is for that member's boot, and no dead earlier member has one. */
    private void comms() {
        SortedArraySet<NodeNumber> waiting = SortedArraySet.empty();
        for (Member member : lockspace.view().members()) {
            BootId comm = state.node().comms().get(member.node());
            boolean stays = member.boot().equals(comm) && !Comms.isBeingRemoved(state, member.node());
            if (!member.node().equals(state.facts().self()) && !stays) {
                waiting = waiting.with(member.node());
            }
        }
        // Kept for the dead, OCFS2 and GFS2 would skip its journal.
        for (NodeNumber node : state.facts().others()) {
            if (Comms.doomed(state, node) && !lockspace.view().has(node)) {
                waiting = waiting.with(node);
            }
        }
        if (!waiting.isEmpty()) {
            String error = state.node().lastError();
            reasons.add(
                    draft.reason(ReasonCode.COMM_NOT_READY, waiting, error.isEmpty() ? unreadBoards(waiting) : error));
            for (NodeNumber node : waiting) {
                List<LockspaceName> users = Comms.users(state, node);
                if (!users.isEmpty() && Comms.doomed(state, node)) {
                    reasons.add(draft.reason(ReasonCode.COMM_IN_USE, List.of(node), "by lockspaces " + users));
                }
            }
        }
    }

    /** Which boards may still tell that the comm a node has belongs to its present life. */
    private String unreadBoards(SortedSet<NodeNumber> waiting) {
        StringBuilder text = new StringBuilder();
        for (RegionState board : state.regions().values()) {
            for (NodeNumber node : waiting) {
                if (board.present() && board.hasBoard() && !board.block(node).read()) {
                    text.append(text.length() == 0 ? "" : "; ")
                            .append("the block of node ")
                            .append(node)
                            .append(" in region ")
                            .append(board.id())
                            .append(" was not read");
                }
            }
        }
        return text.toString();
    }
}
