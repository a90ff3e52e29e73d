// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.MS;
import static dev.lockstep.sim.storm.StormSettings.SECOND;

import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.core.FencePolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a seed draws before anything runs, so that faults can be left out without changing the others.
 *
 * @param seed where it comes from
 * @param settings the cluster
 * @param faults in the order of their times
 */
public record Scenario(long seed, StormSettings settings, List<Fault> faults) {
    private static final FaultKind[] ANY = FaultKind.values();

    /** Those that must not make any node tell its kernel anything. */
    private static final FaultKind[] HARMLESS = {
        FaultKind.AGENT_KILLED,
        FaultKind.AGENT_KILLED,
        FaultKind.AGENT_STARTED,
        FaultKind.AGENT_STARTED,
        FaultKind.AGENT_STALLS,
        FaultKind.UEVENTS_LOST,
        FaultKind.LINK_CUT,
        FaultKind.LINKS_MENDED,
        FaultKind.WAKE_UPS_LOST,
        FaultKind.WAKE_UPS_LATE,
        FaultKind.PAUSE,
        FaultKind.READS_SLOW,
        FaultKind.CLOCK_STEP,
        FaultKind.DISK_HANGS_FOR_ALL
    };

    private static final long SHORTEST_OF_ALL = 100 * MS;
    private static final int LEAST_FAULTS = 10;
    private static final int MOST_FAULTS = 40;

    public Scenario {
        faults = List.copyOf(faults);
    }

    /**
     * {@return what the seed says}
     *
     * @param nodes how many nodes
     * @param lengthNs how long faults strike
     */
    public static Scenario of(long seed, int nodes, long lengthNs) {
        Dice dice = new Dice(seed);
        boolean onlyAgents = Math.floorMod(seed, 8) == 7;
        FencePolicy fencing = new FencePolicy(
                mode(dice),
                StormSettings.FENCE_TIMEOUT,
                dice.percent(25) && !onlyAgents ? dice.between(15, 60) * SECOND : FencePolicy.NEVER,
                dice.percent(25) && !onlyAgents ? dice.between(4, 20) * SECOND : FencePolicy.NEVER);
        StormSettings settings = new StormSettings(nodes, lengthNs, fencing, onlyAgents);
        List<Fault> faults = new ArrayList<>();
        programs(dice, settings, faults);
        int wanted = LEAST_FAULTS + dice.below(MOST_FAULTS - LEAST_FAULTS + 1);
        long atNs = 0;
        for (int i = 0; i < wanted; i++) {
            boolean inCompany = i > 0 && dice.percent(35);
            atNs = inCompany ? atNs + dice.between(0, 1500) * MS : dice.between(0, lengthNs - 1);
            Fault fault = fault(dice, settings, atNs);
            faults.add(fault);
            if (needsProgram(fault.kind()) && dice.percent(60) && !onlyAgents) {
                long soonNs = Math.min(lengthNs - 1, atNs + dice.between(0, 1500) * MS);
                FaultKind kind = dice.percent(50) ? FaultKind.REJOIN : FaultKind.CREATE;
                faults.add(program(kind, soonNs, fault.node(), fault.lockspace()));
            }
        }
        faults.sort(Comparator.comparingLong(Fault::atNs));
        return new Scenario(seed, settings, faults);
    }

    /** {@return the same with other faults} */
    public Scenario with(List<Fault> others) {
        return new Scenario(seed, settings, others);
    }

    private static FenceMode mode(Dice dice) {
        int draw = dice.below(8);
        return draw < 5 ? FenceMode.SELF : draw < 7 ? FenceMode.COMMAND : FenceMode.MANUAL;
    }

    /** Those that only show where something is created or released. */
    private static boolean needsProgram(FaultKind kind) {
        return switch (kind) {
            case UEVENTS_LOST,
                    UEVENTS_DOUBLED,
                    UEVENTS_REORDERED,
                    AGENT_KILLED_ACTING,
                    KERNEL_REFUSES,
                    MEMORY_UNSAVED,
                    CONTROL_BLOCKS -> true;
            default -> false;
        };
    }

    /** So that there is something to befall. */
    private static void programs(Dice dice, StormSettings settings, List<Fault> faults) {
        for (int node = 0; node < settings.nodes(); node++) {
            for (int k = 0; k < StormSettings.LOCKSPACES.size(); k++) {
                if (settings.onlyAgents() || dice.percent(85)) {
                    faults.add(program(FaultKind.CREATE, dice.between(0, 5000) * MS, node, k));
                }
            }
        }
        long atNs = 0;
        while (!settings.onlyAgents()) {
            atNs += dice.between(2, 20) * SECOND;
            if (atNs >= settings.lengthNs()) {
                return;
            }
            FaultKind kind =
                    dice.percent(60) ? FaultKind.CREATE : dice.percent(50) ? FaultKind.RELEASE : FaultKind.REJOIN;
            faults.add(program(kind, atNs, dice.below(settings.nodes()), dice.below(StormSettings.LOCKSPACES.size())));
        }
    }

    private static Fault program(FaultKind kind, long atNs, int node, int lockspace) {
        return new Fault(kind, atNs, node, node, 0, lockspace, Optional.empty(), 0, 0, 0, true);
    }

    private static Fault fault(Dice dice, StormSettings settings, long atNs) {
        FaultKind[] kinds = settings.onlyAgents() ? HARMLESS : ANY;
        FaultKind kind = kinds[dice.below(kinds.length)];
        int node = dice.below(settings.nodes());
        int other = (node + 1 + dice.below(settings.nodes() - 1)) % settings.nodes();
        int lockspace = dice.below(StormSettings.LOCKSPACES.size());
        int region = StormSettings.guardOf(lockspace);
        boolean aimed = dice.percent(50);
        Step aim = Step.any(dice);
        long patienceNs = dice.between(5, 60) * SECOND;
        int variant = dice.below(1 << 16);
        return new Fault(
                kind,
                atNs,
                node,
                other,
                region,
                lockspace,
                aimed ? Optional.of(aim) : Optional.empty(),
                aimed ? patienceNs : 0,
                length(dice, kind, settings),
                variant,
                false);
    }

    private static long length(Dice dice, FaultKind kind, StormSettings settings) {
        long shorterThanDeath = SHORTEST_OF_ALL + dice.between(0, (StormSettings.THRESHOLD - 3) * StormSettings.PERIOD);
        boolean long1 = dice.percent(25) && !settings.onlyAgents();
        long longerThanDeath = dice.between(StormSettings.DEAD, 3 * StormSettings.DEAD);
        return switch (kind) {
            case DISK_HANGS, DISK_FAILS, DISK_HANGS_FOR_ALL -> long1 ? longerThanDeath : shorterThanDeath;
            case PAUSE_LONG -> longerThanDeath;
            case FAST_REBOOT -> dice.between(500, 6500) * MS;
            case AGENT_STALLS, MEMORY_UNSAVED, READS_SLOW, WAKE_UPS_LOST, WAKE_UPS_LATE ->
                dice.between(200, 15_000) * MS;
            case READS_STALE -> dice.between(200, 20_000) * MS;
            case KERNEL_REFUSES -> dice.between(0, 5_000) * MS;
            case CONTROL_BLOCKS -> dice.between(0, 20_000) * MS;
            case FENCE_FAILS, FENCE_HANGS -> dice.between(20, 90) * SECOND;
            default -> shorterThanDeath;
        };
    }
}
