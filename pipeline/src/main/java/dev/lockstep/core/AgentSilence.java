// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotState;
import java.util.List;
import java.util.Optional;

/**
 * Section 8: a live node whose agent does not answer. Its machine beats, a lockspace waits for its report, and the
 * report stays as it is. Counted in its own heartbeats as seen here: while a machine stands still, this one or that,
 * nothing is counted, and neither while our reads or writes fail.
 */
final class AgentSilence {
    /** An agent that restarts takes less. */
    static final int BEATS_TO_NAME_IT = 5;

    private AgentSilence() {}

    /** Whether any lockspace may wait for a report here, or did. */
    static boolean mayCount(State state, RegionState region) {
        for (LockspaceState lockspace : state.lockspaces().values()) {
            if (lockspace.in(Phase.STOPPED)) {
                return true;
            }
        }
        for (BlockState block : region.blocks().values()) {
            if (block.silentBeats() > 0) {
                return true;
            }
        }
        return false;
    }

    /** {@return the block with one more beat counted, or none if nobody waits for it} */
    static BlockState heard(
            State state, RegionState region, NodeNumber node, SlotState before, SlotState after, long nowNs) {
        BlockState block = region.block(node);
        boolean counting = block.silentBeats() > 0;
        if (!waitedFor(state, region, node, !counting)) {
            return counting ? block.answering() : block;
        }
        boolean beat = after.isLive() && before.isLive() && after.seq() != before.seq();
        boolean readSince = region.readAtNs(node) >= before.lastScanNs();
        return beat && readSince && block.silentBeats() < mostBeats(state) && thirdsAreRead(state, region, node)
                ? block.silentFor(nowNs)
                : block;
    }

    private static int mostBeats(State state) {
        FencePolicy fencing = state.facts().fencing();
        return fencing.agentsMayBeDeadForEver()
                ? BEATS_TO_NAME_IT
                : (int) Math.max(
                        BEATS_TO_NAME_IT,
                        Math.min(
                                Integer.MAX_VALUE / 2,
                                fencing.agentDeadAfterNs() / state.facts().periodNs() + 1));
    }

    /** {@return whether that node's agent counts as dead} */
    static boolean isDead(State state, RegionState region, NodeNumber node) {
        FencePolicy fencing = state.facts().fencing();
        BlockState block = region.block(node);
        return !fencing.agentsMayBeDeadForEver()
                && block.silentBeats()
                        > fencing.agentDeadAfterNs() / state.facts().periodNs()
                && waitedFor(state, region, node, false);
    }

    /** An agent that is dead for too long: its node must go, and learns it when an agent looks again. */
    static void verdicts(State state, List<Eviction> verdicts) {
        for (RegionState region : state.regions().values()) {
            for (NodeNumber node : state.facts().others()) {
                Optional<Report> report = region.report(node);
                if (report.isPresent()
                        && isDead(state, region, node)
                        && !state.evicted(node, report.get().boot())) {
                    verdicts.add(
                            new Eviction(node, report.get().boot(), report.get().generation(), Eviction.Kind.MUST_GO));
                }
            }
        }
    }

    /** {@return whether that node's agent has not answered for so long that people should hear of it} */
    static boolean isNamed(RegionState region, NodeNumber node) {
        return region.block(node).silentBeats() >= BEATS_TO_NAME_IT;
    }

    /**
     * Whether a lockspace that has stopped here cannot go on without a report of that node.
     *
     * @param said whether the board must say so already: before that, nobody owes an answer
     */
    private static boolean waitedFor(State state, RegionState region, NodeNumber node, boolean said) {
        Optional<Report> report = region.report(node);
        if (report.isEmpty() || state.provenDead(node, report.get().boot())) {
            return false;
        }
        for (LockspaceState lockspace : state.lockspaces().values()) {
            boolean waits = lockspace.guard().filter(region.id()::equals).isPresent()
                    && lockspace.in(Phase.STOPPED)
                    && (!said || lockspace.publishedNs() >= 0);
            if (waits && owes(report.get(), lockspace)) {
                return true;
            }
        }
        return false;
    }

    /** A block that cannot be read here cannot be read there either: that agent may wait for it, as this one does. */
    private static boolean thirdsAreRead(State state, RegionState region, NodeNumber node) {
        for (NodeNumber third : state.facts().others()) {
            boolean read =
                    region.isKnown(third) && region.block(third).trouble().isEmpty();
            if (!third.equals(node) && !read) {
                return false;
            }
        }
        return true;
    }

    private static boolean owes(Report report, LockspaceState lockspace) {
        Optional<LockspaceEntry> entry = report.lockspace(lockspace.name()).filter(e -> e.phase() != Phase.LEAVING);
        if (entry.isEmpty()) {
            return false;
        }
        Optional<Member> member = lockspace.view().member(report.node());
        boolean said = member.isPresent()
                && member.get().boot().equals(report.boot())
                && member.get().generation().equals(report.generation())
                && entry.get().phase() != Phase.JOINING
                && entry.get().epoch().equals(lockspace.epoch())
                && entry.get().digest().equals(lockspace.view().digest());
        return !said;
    }
}
