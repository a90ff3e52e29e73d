// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.Glob;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Lockspace → guard region: the first rule that matches; else the region of the same name; else, with exactly one
 * region in the settings, that one, unless the lockspace is named by a volume's UUID; else none (the join is refused).
 *
 * <p>Every node must come to the same guard: under two guards a lockspace would be locked twice. What a node sees of
 * regions differs from node to node, so neither one that is missing here nor one that only this node beats in counts:
 * with or without it the settings lead to one region, or to none.
 *
 * @param rules the rules in their order
 * @param inSettings how many regions the settings name
 */
public record Guards(List<Rule> rules, int inSettings) {

    /**
     * One rule.
     *
     * @param glob lockspace names: '*' any characters, '?' one
     * @param region the guard
     */
    public record Rule(String glob, RegionId region) {
        /** {@return whether a lockspace of that name falls under it} */
        public boolean matches(String name) {
            return new Glob(glob).matches(name);
        }
    }

    /** The settings name no region: there are only those that the kernel is found to beat in. */
    public static final int FOUND_ONLY = 0;

    /** No rules, one region. */
    public static final Guards NONE = new Guards(List.of(), 1);

    public Guards {
        rules = List.copyOf(rules);
    }

    /**
     * {@return the guard of {@code lockspace}}
     *
     * @param regions all that are known
     * @param named those of them that the settings name
     */
    public Optional<RegionId> guardOf(
            LockspaceName lockspace, Collection<RegionId> regions, Collection<RegionId> named) {
        for (Rule rule : rules) {
            if (rule.matches(lockspace.value())) {
                return Optional.of(known(rule.region(), regions));
            }
        }
        // A volume's region runs where the volume is used: a node that does not see it must not take another one, or
        // two nodes would agree with different peers.
        Optional<RegionId> volume = VolumeRegions.of(lockspace);
        if (volume.isPresent()) {
            return Optional.of(known(volume.get(), regions)).filter(regions::contains);
        }
        // Nor may one that is only found go before the settings' only region, which the others take that do not see it.
        Collection<RegionId> ofThatName = inSettings == 1 ? named : regions;
        for (RegionId region : ofThatName) {
            if (region.name().equals(lockspace.value())) {
                return Optional.of(region);
            }
        }
        return inSettings == 1 && named.size() == 1
                ? Optional.of(named.iterator().next())
                : Optional.empty();
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

    /** {@return whether a rule names the guard} */
    boolean hasRuleFor(LockspaceName lockspace) {
        return rules.stream().anyMatch(rule -> rule.matches(lockspace.value()));
    }
}
