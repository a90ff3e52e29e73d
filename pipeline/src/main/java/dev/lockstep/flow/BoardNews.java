// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence.BoardScanned;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What differs between two readings of one board, as far as the debounce asks. Pure. */
public final class BoardNews {

    private BoardNews() {}

    /**
     * {@return whether all that is new in {@code next} is entries that ask to join: at least one, and nothing else but
     * the seq that rose with it}
     */
    public static boolean onlyJoiners(BoardScanned before, BoardScanned next) {
        boolean joiners = false;
        for (NodeNumber node : next.blocks().keySet()) {
            BlockReading was = before.blocks().get(node);
            BlockReading is = next.blocks().get(node);
            if (was == null || is == null) {
                return false;
            }
            boolean same = sameButSeq(was, is);
            if (!same && !addsOnlyJoining(was, is)) {
                return false;
            }
            joiners |= !same;
        }
        return joiners;
    }

    @SuppressWarnings("ReferenceEquality") // mostly it is the very one that was read before
    private static boolean sameButSeq(BlockReading was, BlockReading is) {
        if (was == is) {
            return true;
        }
        if (was instanceof BlockReading.Good a && is instanceof BlockReading.Good b) {
            return a.report().saysSameAs(b.report());
        }
        return was.equals(is);
    }

    private static boolean addsOnlyJoining(BlockReading was, BlockReading is) {
        if (!(is instanceof BlockReading.Good b)) {
            return false;
        }
        if (was instanceof BlockReading.Vacant) {
            return asksOnlyToJoin(b.report());
        }
        if (!(was instanceof BlockReading.Good a)) {
            return false;
        }
        List<LockspaceEntry> rest = new ArrayList<>();
        for (LockspaceEntry entry : b.report().lockspaces()) {
            Optional<LockspaceEntry> old = a.report().lockspace(entry.name());
            if (old.isPresent() || entry.phase() != Phase.JOINING) {
                rest.add(entry);
            }
        }
        return rest.size() < b.report().lockspaces().size()
                && withLockspaces(b.report(), rest).saysSameAs(a.report());
    }

    private static boolean asksOnlyToJoin(Report first) {
        return !first.lockspaces().isEmpty()
                && first.lockspaces().stream().allMatch(entry -> entry.phase() == Phase.JOINING)
                && first.evictions().isEmpty()
                && !first.mustGo();
    }

    private static Report withLockspaces(Report report, List<LockspaceEntry> lockspaces) {
        return new Report(
                report.region(),
                report.node(),
                report.boot(),
                report.generation(),
                0,
                report.settings(),
                report.mustGo(),
                report.floor(),
                report.evictions(),
                lockspaces,
                report.fences(),
                report.links());
    }
}
