// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Lockspace → guard region: same name; else the first rule that matches; else, with exactly one region, that one,
 * unless the lockspace is named by a volume's UUID; else none (the join is refused).
 *
 * @param rules the rules in their order
 */
public record Guards(List<Rule> rules) {

    /**
     * One rule.
     *
     * @param glob lockspace names: '*' any characters, '?' one
     * @param region the guard
     */
    public record Rule(String glob, RegionId region) {
        boolean matches(String name) {
            return globMatches(glob, 0, name, 0);
        }
    }

    /** No rules. */
    public static final Guards NONE = new Guards(List.of());

    public Guards {
        rules = List.copyOf(rules);
    }

    /** {@return the guard of {@code lockspace} among the known {@code regions}} */
    public Optional<RegionId> guardOf(LockspaceName lockspace, Collection<RegionId> regions) {
        for (RegionId region : regions) {
            if (region.name().equalsIgnoreCase(lockspace.value())) {
                return Optional.of(region);
            }
        }
        for (Rule rule : rules) {
            if (rule.matches(lockspace.value())) {
                return Optional.of(known(rule.region(), regions));
            }
        }
        // A volume's region runs where the volume is used: a node that does not see it must not take another one, or
        // two nodes would agree with different peers.
        boolean anyWillDo = regions.size() == 1 && VolumeRegions.of(lockspace).isEmpty();
        return anyWillDo ? Optional.of(regions.iterator().next()) : Optional.empty();
    }

    /** People write a volume's UUID in either case. Of other names two regions may differ in nothing else. */
    private static RegionId known(RegionId named, Collection<RegionId> regions) {
        return regions.contains(named)
                        || VolumeRegions.of(new LockspaceName(named.name())).isEmpty()
                ? named
                : regions.stream()
                        .filter(region -> region.name().equalsIgnoreCase(named.name()))
                        .findFirst()
                        .orElse(named);
    }

    /** {@return whether a rule names the guard, if no region has the lockspace's name} */
    boolean hasRuleFor(LockspaceName lockspace) {
        return rules.stream().anyMatch(rule -> rule.matches(lockspace.value()));
    }

    // Greedy with one backtrack point: linear in practice, and no pattern can make it exponential.
    private static boolean globMatches(String glob, int globFrom, String name, int nameFrom) {
        int g = globFrom;
        int n = nameFrom;
        int star = -1;
        int mark = 0;
        while (n < name.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                mark = n;
            } else if (g < glob.length() && (glob.charAt(g) == '?' || glob.charAt(g) == name.charAt(n))) {
                g++;
                n++;
            } else if (star >= 0) {
                g = star + 1;
                n = ++mark;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }
}
