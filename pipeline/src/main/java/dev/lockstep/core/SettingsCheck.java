// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Phase;
import dev.lockstep.board.SettingsDigest.Setting;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Sections 5e and 6: a node whose settings differ blocks its own joins, not everybody's. Which side is the odd one is
 * read off what all can see: who has lockspaces already is right; else the larger group of live nodes; else the group
 * with the lowest number.
 */
final class SettingsCheck {

    private SettingsCheck() {}

    /** {@return why this node must not join; empty if it may} */
    static List<Reason> reasons(Draft draft, RegionState region) {
        State state = draft.state();
        NodeNumber self = state.facts().self();
        SortedSet<NodeNumber> agreeing = new TreeSet<>(Set.of(self));
        SortedSet<NodeNumber> differing = new TreeSet<>();
        Set<Setting> which = EnumSet.noneOf(Setting.class);
        for (NodeNumber node : state.facts().nodes()) {
            if (!region.slot(node).isLive()) {
                continue;
            }
            Set<Setting> differences = differences(state, region, node);
            which.addAll(differences);
            (differences.isEmpty() ? agreeing : differing).add(node);
        }
        boolean ownKernelDiffers = differing.contains(self);
        return ownKernelDiffers || isOddOne(region, agreeing, differing)
                ? List.of(draft.reason(ReasonCode.SETTINGS_DIFFER, differing, "differing: " + names(which)))
                : List.of();
    }

    private static boolean isOddOne(
            RegionState region, SortedSet<NodeNumber> agreeing, SortedSet<NodeNumber> differing) {
        if (differing.isEmpty()) {
            return false;
        }
        boolean theyHaveLockspaces = differing.stream().anyMatch(node -> hasLockspaces(region, node));
        boolean weHaveLockspaces = agreeing.stream().anyMatch(node -> hasLockspaces(region, node));
        if (theyHaveLockspaces || weHaveLockspaces) {
            return theyHaveLockspaces;
        }
        return agreeing.size() == differing.size()
                ? differing.first().compareTo(agreeing.first()) < 0
                : agreeing.size() < differing.size();
    }

    private static boolean hasLockspaces(RegionState region, NodeNumber node) {
        return region.liveReport(node).stream()
                .flatMap(report -> report.lockspaces().stream())
                .anyMatch(entry -> entry.phase() == Phase.STOPPED || entry.phase() == Phase.STARTED);
    }

    private static Set<Setting> differences(State state, RegionState region, NodeNumber node) {
        Set<Setting> differences = EnumSet.noneOf(Setting.class);
        SlotState slot = region.slot(node);
        if (slot.deadMs() != 0 && slot.deadMs() != state.facts().deadMs()) {
            differences.add(Setting.DEAD_THRESHOLD);
        }
        if (!node.equals(state.facts().self())) {
            region.liveReport(node)
                    .ifPresent(report ->
                            differences.addAll(state.facts().settings().differences(report.settings())));
        }
        return differences;
    }

    /** As they are written in lockstep.conf. */
    private static String names(Set<Setting> settings) {
        return settings.stream()
                .map(setting -> setting.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
    }
}
