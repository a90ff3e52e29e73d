// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.MS;

import dev.lockstep.board.SettingsDigest;
import dev.lockstep.core.Scope;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.sim.SimDlmFabric;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;

/** One stormed cluster: its machines, disks, kernels and network, and those who watch. */
final class World {
    final StormSettings settings;
    final EventQueue time = new EventQueue();
    final Dice dice;
    final Trace trace;
    final SimDlmFabric fabric = new SimDlmFabric(0);
    final Wires wires;
    final Disk[] disks = new Disk[StormSettings.REGIONS.size()];
    final Machine[] machines;
    final Judge judge;
    final Faults faults;
    final List<NodeNumber> numbers;
    final SortedSet<NodeNumber> numberSet;
    final SettingsDigest digest = new SettingsDigest(List.of(1));
    final Scope[] scopes = new Scope[1 + StormSettings.REGIONS.size()];

    /** What happens to no machine in particular. */
    final Held outside = () -> 0;

    private long lives;
    private long disturbedNs;

    World(Scenario scenario, boolean telling) {
        settings = scenario.settings();
        dice = new Dice(scenario.seed()).fork(1);
        trace = new Trace(time, telling);
        numbers = settings.numbers();
        numberSet = settings.numberSet();
        wires = new Wires(settings.nodes());
        judge = new Judge(this);
        scopes[0] = Scope.OfNode.NODE;
        for (int r = 0; r < disks.length; r++) {
            disks[r] = new Disk(StormSettings.REGIONS.get(r), numbers);
            scopes[1 + r] = new Scope.OfRegion(StormSettings.REGIONS.get(r));
        }
        machines = new Machine[settings.nodes()];
        for (int n = 0; n < machines.length; n++) {
            machines[n] = new Machine(this, n);
        }
        fabric.over(this::reaches);
        fabric.forgets((lockspace, life) -> {
            int guard = StormSettings.guardOf(StormSettings.indexOf(lockspace));
            return Arrays.stream(machines).anyMatch(machine -> machine.isForgotten(guard, life));
        });
        faults = new Faults(this, scenario.faults());
    }

    Machine machine(NodeNumber node) {
        return machines[node.value() - 1];
    }

    long nextLife() {
        return ++lives;
    }

    /** From now on everything has to settle anew. */
    void disturbed() {
        disturbedNs = time.nowNs();
    }

    long disturbedNs() {
        return disturbedNs;
    }

    private boolean reaches(NodeNumber from, NodeNumber to) {
        Machine there = machine(to);
        return from.equals(to) || (wires.joined(from.value() - 1, to.value() - 1) && there.up() && !there.stands());
    }

    /** Links came back, or a machine that stood still answers again. */
    void linksChange() {
        fabric.moveOn();
        judge.kernels();
    }

    /** Whether all that beat agree that it is the disk, and go on without it. */
    boolean allHangIn(int region) {
        for (Machine machine : machines) {
            if (machine.beatsIn(region) && !machine.tellsOfHang(region)) {
                return false;
            }
        }
        return true;
    }

    void switchOff(NodeNumber node) {
        Machine machine = machine(node);
        if (machine.up()) {
            machine.crash("is fenced");
        }
    }

    /** A node has news on its board and says so to all. */
    void wakeUp(Machine from, int region, BootId boot) {
        for (Machine to : machines) {
            Agent agent = to.agent();
            if (to == from || agent == null || !wires.passes(from.index, to.index)) {
                continue;
            }
            if (to.mishaps.wakeUpsLostUntilNs > time.nowNs()) {
                continue;
            }
            boolean late = to.mishaps.wakeUpsLateUntilNs > time.nowNs();
            long takesNs = late ? to.dice.between(MS, 3000 * MS) : to.dice.between(MS / 10, 2 * MS);
            agent.after(takesNs, () -> hear(agent, region, from, boot));
        }
    }

    private static void hear(Agent agent, int region, Machine from, BootId boot) {
        if (!agent.started() || !agent.region(region).isOpen()) {
            return;
        }
        agent.region(region).board().now();
        agent.hear(new Evidence.PeerHeard(agent.clockNs(), StormSettings.REGIONS.get(region), from.number, boot));
    }

    /** Something may have moved on a machine: faults may have waited for it. */
    void looksAt(Machine machine) {
        faults.looksAt(machine);
    }
}
