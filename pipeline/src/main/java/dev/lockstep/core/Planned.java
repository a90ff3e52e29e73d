// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Report;
import dev.lockstep.evidence.Decision;
import dev.lockstep.kernel.Mutation;
import java.util.List;
import java.util.Optional;

/**
 * What shall happen in one scope now.
 *
 * <p>The caller first feeds every decision back as Evidence.Decided, in order, plans the scope again until the plan is
 * {@link #isFinal} (one that is not carries no mutations), and only then acts: Dispatched evidence for each mutation
 * before it is handed to its lane, and memory saved before a Start is.
 *
 * @param decisions changes of the node's own state
 * @param mutations changes to the kernel; none for a lane that is busy
 * @param report what the own report on this region's board shall say, its seq void (0); empty if it must not be
 *     written yet, and for the node's scope
 * @param changeOpen whether a change is open in this region, the report included, so that the board is to be read often
 * @param dueNs until then the same plan is made again as long as no evidence makes its scope dirty; CLOCK_BOOTTIME, or
 *     {@link #NEVER}
 */
public record Planned(
        List<Decision> decisions, List<Mutation> mutations, Optional<Report> report, boolean changeOpen, long dueNs) {
    /** No time will change the plan. */
    public static final long NEVER = Long.MAX_VALUE;

    /** {@return whether nothing is decided but why to wait: on that no plan depends, so the next would be the same} */
    public boolean isFinal() {
        return onlyWaits(decisions);
    }

    /** {@return what it comes to once its decisions were fed back} */
    public Planned decided() {
        return decisions.isEmpty() ? this : new Planned(List.of(), mutations, report, changeOpen, dueNs);
    }

    /** {@return what is left of it once that report is on its way to the board} */
    public Planned handedOver(Report submitted) {
        return report.filter(submitted::saysSameAs).isPresent()
                ? new Planned(decisions, mutations, Optional.empty(), changeOpen, dueNs)
                : this;
    }

    static boolean onlyWaits(List<Decision> decisions) {
        for (int i = 0; i < decisions.size(); i++) {
            if (!(decisions.get(i) instanceof Decision.Waits)) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether both want the same to happen, whenever they are due} */
    public boolean sameActs(Planned other) {
        return decisions.equals(other.decisions)
                && mutations.equals(other.mutations)
                && report.equals(other.report)
                && changeOpen == other.changeOpen;
    }

    public Planned {
        decisions = List.copyOf(decisions);
        mutations = List.copyOf(mutations);
    }
}
