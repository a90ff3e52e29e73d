// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Report;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import dev.lockstep.uevent.Uevent;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Section 5: OCFS2 under the user stack starts no heartbeat by itself. A lockspace named by a volume's UUID asks for
 * the region in that volume; it runs while any lockspace needs it.
 */
final class VolumeRegions {

    private VolumeRegions() {}

    /** {@return the region in the volume that the lockspace is named by, empty if its name is no UUID} */
    static Optional<RegionId> of(LockspaceName name) {
        String text = name.value();
        boolean uuid = text.length() == RegionId.MAX_LENGTH && text.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        return uuid ? Optional.of(new RegionId(text.toUpperCase(Locale.ROOT))) : Optional.empty();
    }

    /** {@return regions of volumes that lockspaces are named by, where no rule gives another guard} */
    static SortedSet<RegionId> wanted(State state) {
        TreeSet<RegionId> wanted = new TreeSet<>();
        for (LockspaceState lockspace : state.lockspaces().values()) {
            if (!state.facts().guards().hasRuleFor(lockspace.name())) {
                of(lockspace.name()).ifPresent(wanted::add);
            }
        }
        return wanted;
    }

    /** Whether a create waits for a region that is still looked for. */
    static boolean isAwaited(State state, LockspaceState lockspace) {
        Optional<RegionId> region = of(lockspace.name());
        return region.isPresent()
                && lockspace.asks(Uevent.Action.ONLINE)
                && wanted(state).contains(region.get())
                && !state.regions().containsKey(region.get());
    }

    /** Whether the region must go on: the settings say so, it guards a lockspace, or our report in it says so still. */
    static boolean isNeeded(State state, RegionState region) {
        return region.named()
                || wanted(state).contains(region.id())
                || lists(region.submitted())
                || lists(region.published())
                || state.lockspaces().values().stream()
                        .anyMatch(l -> Plan.guardOf(state, l)
                                .filter(region.id()::equals)
                                .isPresent());
    }

    private static boolean lists(Optional<Report> report) {
        return report.filter(r -> !r.lockspaces().isEmpty()).isPresent();
    }
}
