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

/** Draws a seed's cluster and faults. Half of the faults are aimed at a step of a lockspace on their machine. */
final class Drawing {

    /** Those that must not make any node tell its kernel anything. */
    private static final List<FaultKind> HARMLESS = List.of(
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
            FaultKind.DISK_HANGS_FOR_ALL);

    private static final long SHORTEST_OF_ALL_NS = 100 * MS;
    private static final int LEAST_FAULTS = 10;
    private static final int MOST_FAULTS = 40;

    /** A lockspace is known and unreported for long only while its machine is young. */
    private static final long YOUTH_NS = 4 * SECOND;

    private final long seed;
    private final Dice dice;
    private final StormSettings settings;
    private final List<FaultKind> kinds;
    private final List<Fault> faults = new ArrayList<>();

    Drawing(long seed, int nodes, long lengthNs) {
        this.seed = seed;
        dice = new Dice(seed);
        boolean onlyAgents = Math.floorMod(seed, 8) == 7;
        FencePolicy fencing = new FencePolicy(
                mode(),
                StormSettings.FENCE_TIMEOUT_NS,
                dice.percent(25) && !onlyAgents ? dice.between(15, 60) * SECOND : FencePolicy.NEVER,
                dice.percent(25) && !onlyAgents ? dice.between(4, 20) * SECOND : FencePolicy.NEVER);
        settings = new StormSettings(nodes, lengthNs, fencing, onlyAgents);
        kinds = onlyAgents ? HARMLESS : kinds(fencing.mode());
    }

    private FenceMode mode() {
        int draw = dice.below(8);
        return draw < 5 ? FenceMode.SELF : draw < 7 ? FenceMode.COMMAND : FenceMode.MANUAL;
    }

    /** What goes with only one way of fencing comes the more often where it can. */
    private static List<FaultKind> kinds(FenceMode mode) {
        List<FaultKind> kinds = new ArrayList<>(List.of(FaultKind.values()));
        List<FaultKind> ofCommand = List.of(FaultKind.FENCE_FAILS, FaultKind.FENCE_HANGS);
        List<FaultKind> ofManual = List.of(FaultKind.FENCE_ACKNOWLEDGED);
        kinds.removeAll(ofCommand);
        kinds.removeAll(ofManual);
        for (int i = 0; i < 4; i++) {
            kinds.addAll(mode == FenceMode.COMMAND ? ofCommand : mode == FenceMode.MANUAL ? ofManual : List.of());
        }
        return kinds;
    }

    Scenario scenario() {
        programs();
        int wanted = LEAST_FAULTS + dice.below(MOST_FAULTS - LEAST_FAULTS + 1);
        long atNs = 0;
        for (int drawn = 0; drawn < wanted; drawn = drawn + 1) {
            boolean inCompany = drawn > 0 && dice.percent(35);
            atNs = inCompany ? atNs + dice.between(0, 1500) * MS : dice.between(0, settings.lengthNs() - 1);
            Fault fault = fault(atNs);
            Optional<FaultKind> before = before(fault.kind());
            if (before.isPresent() && dice.percent(before.get() == FaultKind.READS_SLOW ? 40 : 70)) {
                faults.add(with(fault, before.get(), fault.atNs()));
                drawn++;
            }
            faults.add(fault);
            stimulus(fault);
        }
        faults.sort(Comparator.comparingLong(Fault::atNs));
        return new Scenario(seed, settings, faults);
    }

    /** {@return what has to befall a machine before this can} */
    private static Optional<FaultKind> before(FaultKind kind) {
        return switch (kind) {
            case BOOT, FENCE_ACKNOWLEDGED -> Optional.of(FaultKind.CRASH);
            case AGENT_STARTED -> Optional.of(FaultKind.AGENT_KILLED);
            case REGION_JOINED -> Optional.of(FaultKind.REGION_LEFT);
            case AGENT_STALLS, PAUSE, PAUSE_LONG -> Optional.of(FaultKind.READS_SLOW);
            default -> Optional.empty();
        };
    }

    /** Much shows, and most steps come by, only where something is created or released. */
    private void stimulus(Fault fault) {
        boolean passing = fault.aim().isPresent() && fault.aim().get() != Step.RUNNING;
        if (settings.onlyAgents() || !(passing || needsProgram(fault.kind())) || !dice.percent(70)) {
            return;
        }
        long soonNs = Math.min(settings.lengthNs() - 1, fault.atNs() + dice.between(0, 1500) * MS);
        FaultKind kind = dice.percent(80) ? FaultKind.REJOIN : FaultKind.CREATE;
        faults.add(program(kind, soonNs, fault.node(), fault.lockspace()));
    }

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
    private void programs() {
        for (int node = 0; node < settings.nodes(); node++) {
            for (int k = 0; k < StormSettings.LOCKSPACES.size(); k++) {
                if (settings.onlyAgents() || dice.percent(85)) {
                    faults.add(program(FaultKind.CREATE, dice.between(0, 5000) * MS, node, k));
                }
            }
        }
        for (long atNs = next(0); !settings.onlyAgents() && atNs < settings.lengthNs(); atNs = next(atNs)) {
            FaultKind kind =
                    dice.percent(60) ? FaultKind.CREATE : dice.percent(50) ? FaultKind.RELEASE : FaultKind.REJOIN;
            faults.add(program(kind, atNs, dice.below(settings.nodes()), dice.below(StormSettings.LOCKSPACES.size())));
        }
    }

    private long next(long atNs) {
        return atNs + dice.between(2, 20) * SECOND;
    }

    private static Fault program(FaultKind kind, long atNs, int node, int lockspace) {
        return new Fault(kind, atNs, node, node, 0, lockspace, Optional.empty(), 0, 0, 0, true);
    }

    private Fault fault(long atNs) {
        FaultKind kind = kinds.get(dice.below(kinds.size()));
        int node = dice.below(settings.nodes());
        int other = (node + 1 + dice.below(settings.nodes() - 1)) % settings.nodes();
        int lockspace = dice.below(StormSettings.LOCKSPACES.size());
        Optional<Step> aim = dice.percent(50) ? Optional.of(Step.any(dice)) : Optional.empty();
        boolean young = aim.isPresent() && aim.get() == Step.BORN && dice.percent(60);
        return new Fault(
                kind,
                young ? dice.between(0, Math.min(YOUTH_NS, settings.lengthNs()) - 1) : atNs,
                node,
                other,
                StormSettings.guardOf(lockspace),
                lockspace,
                aim,
                dice.between(5, 60) * SECOND,
                length(kind),
                dice.below(1 << 16),
                false);
    }

    private Fault with(Fault fault, FaultKind kind, long atNs) {
        return new Fault(
                kind,
                atNs,
                fault.node(),
                fault.other(),
                fault.region(),
                fault.lockspace(),
                fault.aim(),
                fault.patienceNs(),
                length(kind),
                fault.variant(),
                false);
    }

    private long length(FaultKind kind) {
        long shorterThanDeath =
                SHORTEST_OF_ALL_NS + dice.between(0, (StormSettings.THRESHOLD - 3) * StormSettings.PERIOD_NS);
        boolean lasts = dice.percent(25) && !settings.onlyAgents();
        long longerThanDeath = dice.between(StormSettings.DEAD_NS, 3 * StormSettings.DEAD_NS);
        return switch (kind) {
            case DISK_HANGS, DISK_FAILS, DISK_HANGS_FOR_ALL, WRITES_HANG_FOR_ALL ->
                lasts ? longerThanDeath : shorterThanDeath;
            case PAUSE_LONG -> longerThanDeath;
            case FAST_REBOOT -> dice.between(500, 6500) * MS;
            case AGENT_STALLS, MEMORY_UNSAVED, READS_SLOW, WAKE_UPS_LOST, WAKE_UPS_LATE ->
                dice.between(200, 15_000) * MS;
            case READS_STALE -> lasts ? longerThanDeath : dice.between(200, 20_000) * MS;
            case KERNEL_REFUSES -> dice.between(0, 5_000) * MS;
            case CONTROL_BLOCKS -> dice.between(0, 20_000) * MS;
            case FENCE_FAILS, FENCE_HANGS -> dice.between(20, 90) * SECOND;
            default -> shorterThanDeath;
        };
    }
}
