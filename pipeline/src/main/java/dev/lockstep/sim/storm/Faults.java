// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.MS;
import static dev.lockstep.sim.storm.StormSettings.REGIONS;
import static dev.lockstep.sim.storm.StormSettings.SECOND;

import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.evidence.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Lets the faults of a seed befall its cluster: at their times, or as soon as what they are aimed at comes by. */
final class Faults {
    private final World world;
    private final List<Fault> plan;
    private final Pairs pairs = new Pairs();
    private final List<List<Fault>> aimed = new ArrayList<>();
    private final long startNs;
    private int struck;
    private long lastEndNs;
    private boolean over;

    Faults(World world, List<Fault> plan) {
        this.world = world;
        this.plan = plan;
        startNs = world.time.nowNs();
        for (int n = 0; n < world.settings.nodes(); n++) {
            aimed.add(new ArrayList<>());
        }
    }

    /**
     * Programs begin at once, faults when they may.
     *
     * @param afterNs how much later faults strike than drawn
     */
    void begin(long afterNs) {
        for (Fault fault : plan) {
            world.time.at(startNs + fault.atNs() + (fault.program() ? 0 : afterNs), world.outside, () -> due(fault));
        }
    }

    Pairs pairs() {
        return pairs;
    }

    int struck() {
        return struck;
    }

    /** {@return when the last of those that struck ends} */
    long lastEndNs() {
        return lastEndNs;
    }

    /** What still waits strikes now, and nothing after it. */
    void end() {
        for (List<Fault> waiting : aimed) {
            List<Fault> last = List.copyOf(waiting);
            waiting.clear();
            last.forEach(this::strikeSomewhere);
        }
        over = true;
    }

    private void due(Fault fault) {
        if (over) {
            return;
        }
        if (meets(fault) || fault.program()) {
            strike(fault);
            return;
        }
        List<Fault> waiting = aimed.get(fault.node());
        waiting.add(fault);
        world.time.after(fault.patienceNs(), world.outside, () -> {
            if (waiting.remove(fault)) {
                strikeSomewhere(fault);
            }
        });
    }

    private boolean meets(Fault fault) {
        Machine machine = world.machines[fault.node()];
        return canBefall(fault, machine)
                && (fault.aim().isEmpty() || fault.aim().get() == machine.step(fault.lockspace()));
    }

    void looksAt(Machine machine) {
        List<Fault> waiting = aimed.get(machine.index);
        for (int i = waiting.size() - 1; i >= 0; i--) {
            Fault fault = waiting.get(i);
            if (meets(fault)) {
                waiting.remove(i);
                world.time.after(0, world.outside, () -> strikeSomewhere(fault));
            }
        }
    }

    private boolean canBefall(Fault fault, Machine machine) {
        return switch (fault.kind()) {
            case BOOT -> !machine.up();
            case FENCE_ACKNOWLEDGED -> !machine.up() && world.settings.fence() == FenceMode.MANUAL;
            case AGENT_STARTED -> machine.up() && machine.agent() == null;
            case AGENT_KILLED,
                    AGENT_KILLED_ACTING,
                    AGENT_STALLS,
                    MEMORY_UNSAVED,
                    UEVENTS_LOST,
                    UEVENTS_DOUBLED,
                    UEVENTS_REORDERED -> machine.agent() != null;
            case REGION_JOINED -> machine.up() && !machine.beatsIn(fault.region());
            case REGION_RESTARTED, REGION_LEFT, REGION_GONE -> machine.up() && machine.beatsIn(fault.region());
            case FENCE_FAILS, FENCE_HANGS -> machine.up() && world.settings.fence() == FenceMode.COMMAND;
            default -> machine.up();
        };
    }

    /** A fault that was drawn strikes: if it cannot befall its machine, another; if none, as another kind. */
    private void strikeSomewhere(Fault fault) {
        if (!strikeAnywhere(fault) && !strikeAnywhere(fault.as(fault.kind().instead()))) {
            strikeAnywhere(fault.as(FaultKind.BOOT)); // there is no machine that is up
        }
    }

    private boolean strikeAnywhere(Fault fault) {
        for (int i = 0; i < world.machines.length; i++) {
            int node = (fault.node() + i) % world.machines.length;
            if (canBefall(fault, world.machines[node])) {
                strike(fault.on(node));
                return true;
            }
        }
        return false;
    }

    private void strike(Fault fault) {
        Machine machine = world.machines[fault.node()];
        if (over || !canBefall(fault, machine)) {
            return;
        }
        if (!fault.program()) {
            struck++;
            count(fault, machine);
        }
        world.trace.mix(fault.kind().name().hashCode() * 64L + machine.index);
        if (world.trace.telling()) {
            world.trace.tell(
                    machine,
                    fault.program() ? "PROGRAM" : "FAULT",
                    fault.kind() + " " + REGIONS.get(fault.region()) + " "
                            + StormSettings.LOCKSPACES.get(fault.lockspace()) + " other " + (fault.other() + 1)
                            + " for "
                            + fault.lengthNs() / MS + " ms");
        }
        world.disturbed();
        befall(fault, machine);
    }

    /** Before it strikes: afterwards a machine that is down stands nowhere. */
    private void count(Fault fault, Machine machine) {
        for (int k = 0; k < StormSettings.LOCKSPACES.size(); k++) {
            boolean met = switch (fault.kind().reach()) {
                case MACHINE -> true;
                case REGION -> StormSettings.guardOf(k) == fault.region();
                case LOCKSPACE -> k == fault.lockspace();
            };
            if (met) {
                pairs.count(fault.kind(), machine.step(k));
            }
        }
    }

    private void befall(Fault fault, Machine machine) {
        long untilNs = world.time.nowNs() + fault.lengthNs();
        int region = fault.region();
        Machine.Path path = machine.paths[region];
        Mishaps mishaps = machine.mishaps;
        LockspaceName lockspace = StormSettings.LOCKSPACES.get(fault.lockspace());
        Agent agent = machine.agent();
        switch (fault.kind()) {
            case CRASH -> machine.crash("loses its power");
            case BOOT -> machine.boot();
            case FAST_REBOOT -> fastReboot(machine, fault.lengthNs());
            case AGENT_KILLED -> machine.killAgent();
            case AGENT_KILLED_ACTING -> mishaps.agentDiesActing = 1 + fault.variant() % 3;
            case AGENT_STARTED -> machine.startAgent();
            case AGENT_STALLS -> {
                if (agent != null) {
                    agent.stall(untilNs);
                }
            }
            case MEMORY_UNSAVED -> mishaps.unsavedUntilNs = untilNs;
            case PAUSE -> {
                if (!machine.stands()) { // two in a row are a long one, which peers may take for its death
                    machine.pause(fault.lengthNs(), fault.variant() % 2 == 0);
                }
            }
            case PAUSE_LONG -> machine.pause(fault.lengthNs(), fault.variant() % 2 == 0);
            case CLOCK_STEP ->
                machine.stepWallClock((fault.variant() % 3 == 0 ? -2 : fault.variant() % 201 - 100) * SECOND);
            case UEVENTS_LOST -> mishaps.ueventsLost += 1 + fault.variant() % 3;
            case UEVENTS_DOUBLED -> mishaps.ueventsDoubled += 1 + fault.variant() % 3;
            case UEVENTS_REORDERED -> mishaps.ueventOvertaken = true;
            case LINK_CUT -> {
                world.wires.cut(fault.node(), fault.other());
                world.wires.cut(fault.other(), fault.node());
            }
            case LINK_CUT_ONE_WAY -> world.wires.cut(fault.node(), fault.other());
            case LINKS_MENDED -> {
                world.wires.mend(fault.node());
                world.linksChange();
            }
            case QUORUM_LOST -> Quorum.lose(world, fault.variant());
            case WAKE_UPS_LOST -> mishaps.wakeUpsLostUntilNs = untilNs;
            case WAKE_UPS_LATE -> mishaps.wakeUpsLateUntilNs = untilNs;
            case KERNEL_REFUSES -> mishaps.refusesUntilNs = untilNs;
            case FENCE_FAILS -> mishaps.fenceFailsUntilNs = untilNs;
            case FENCE_HANGS -> mishaps.fenceHangsUntilNs = untilNs;
            case FENCE_ACKNOWLEDGED -> acknowledge(machine);
            case REGION_RESTARTED -> regions(fault).forEach(machine::restartRegion);
            case REGION_LEFT -> regions(fault).forEach(machine::leaveRegion);
            case REGION_GONE -> machine.loseRegion(region);
            case REGION_JOINED -> machine.startRegion(region);
            case DISK_HANGS -> path.heldNs = untilNs;
            case DISK_HANGS_FOR_ALL -> world.disks[region].hold(untilNs);
            case WRITES_HANG_FOR_ALL -> world.disks[region].holdWrites(untilNs);
            case DISK_FAILS -> path.failsNs = untilNs;
            case READS_SLOW -> path.slowNs = untilNs;
            case READS_STALE -> {
                path.staleNs = untilNs;
                path.staleSlots = world.disks[region].slots();
                path.staleBoard = world.disks[region].board(world.time.nowNs(), world.time.nowNs());
            }
            case WRITE_TORN -> path.tearsNext = true;
            case WRITE_ASTRAY -> path.strayTo = fault.other();
            case BLOCK_GARBLED ->
                world.disks[region]
                        .changing(machine.index, world.time.nowNs())
                        .garble(fault.variant() % 3, world.time.nowNs());
            case BLOCK_WIPED -> world.disks[region].wipe(machine.index, world.time.nowNs());
            case SLOT_GARBLED -> world.disks[region].garbleSlot(machine.index);
            case CONTROL_BLOCKS -> mishaps.laneHeldNs[fault.lockspace()] = untilNs;
            case CREATE -> machine.calls.add(machine.kernel().create(lockspace));
            case RELEASE -> machine.calls.add(machine.kernel().release(lockspace));
            case REJOIN -> {
                machine.calls.add(machine.kernel().release(lockspace));
                machine.calls.add(machine.kernel().create(lockspace));
            }
        }
        lastEndNs = Math.max(lastEndNs, untilNs);
        if (untilNs > world.time.nowNs()) {
            world.time.at(untilNs, world.outside, world::disturbed);
        }
    }

    /** Now and then all of them: a machine that beats elsewhere is known to live. */
    private static IntStream regions(Fault fault) {
        return fault.variant() % 2 == 0 ? IntStream.range(0, REGIONS.size()) : IntStream.of(fault.region());
    }

    private void fastReboot(Machine machine, long pauseNs) {
        machine.crash("resets");
        world.time.after(pauseNs, world.outside, () -> {
            if (!machine.up()) {
                machine.boot();
            }
        });
    }

    /** An honest administrator, who looked. */
    private void acknowledge(Machine dead) {
        BootId shown = dead.bootId();
        for (Machine each : world.machines) {
            Agent agent = each.agent();
            if (agent != null && agent.started()) {
                agent.after(MS, () -> agent.hear(new Evidence.FenceAcknowledged(agent.clockNs(), dead.number, shown)));
                return;
            }
        }
    }
}
