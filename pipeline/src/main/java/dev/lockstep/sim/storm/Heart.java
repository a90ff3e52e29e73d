// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import dev.lockstep.domain.Generation;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotReading;

/**
 * One machine's O2CB heartbeat in one region: a write per period, and a reset of the machine when none completed for
 * T − 1 periods, unless everybody's writes hang (fs/ocfs2/cluster/heartbeat.c).
 */
final class Heart {
    private static final long DEADLINE = (StormSettings.THRESHOLD - 1) * StormSettings.PERIOD;

    private final Machine machine;
    private final int region;
    private final Disk disk;
    private Generation generation;
    private long deadlineNs;
    private boolean ended;

    Heart(Machine machine, int region, Generation generation) {
        this.machine = machine;
        this.region = region;
        this.disk = machine.world.disks[region];
        this.generation = generation;
        deadlineNs = machine.world.time.nowNs() + DEADLINE;
        beat();
        machine.world.time.at(deadlineNs, machine, this::guard);
    }

    Generation generation() {
        return generation;
    }

    void restart(Generation next) {
        generation = next;
    }

    /** A clean stop: the slot says so. */
    void leave() {
        generation = Generation.NONE;
        write();
        ended = true;
    }

    void end() {
        ended = true;
    }

    /** The machine's clock stood still with it. */
    void didNotSee(long pauseNs) {
        deadlineNs += pauseNs;
    }

    private void beat() {
        if (ended) {
            return;
        }
        long heldNs = machine.writesHeldNs(region);
        if (heldNs > machine.world.time.nowNs()) {
            machine.world.time.at(heldNs, machine, this::beat);
            return;
        }
        if (!machine.diskFails(region)) {
            write();
            deadlineNs = machine.world.time.nowNs() + DEADLINE;
        }
        machine.world.time.after(StormSettings.PERIOD, machine, this::beat);
    }

    private void write() {
        SlotBlock says =
                new SlotBlock(machine.wallSeconds(), machine.number.value(), generation, StormSettings.DEAD_MS);
        disk.writeSlot(machine.index, new SlotReading.Good(says));
        machine.beatNs[region] = machine.world.time.nowNs();
    }

    private void guard() {
        if (ended) {
            return;
        }
        if (deadlineNs <= machine.world.time.nowNs()) {
            if (machine.world.allHangIn(region)) {
                deadlineNs = machine.world.time.nowNs() + DEADLINE / 2; // they agree that it is the disk
            } else {
                machine.crash("its heartbeat in " + disk.id + " hung");
                return;
            }
        }
        machine.world.time.at(deadlineNs, machine, this::guard);
    }
}
