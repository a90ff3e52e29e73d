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
    private static final long DEADLINE_NS = (StormSettings.THRESHOLD - 1) * StormSettings.PERIOD_NS;

    private final Machine machine;
    private final int region;
    private final Disk disk;
    private Generation generation;
    private long deadlineNs;
    private long beatNs;

    /** When it would have to beat, or reset the machine, if that never stood still. */
    private long promisedNs;

    private boolean broken;
    private boolean ended;

    Heart(Machine machine, int region, Generation generation) {
        this.machine = machine;
        this.region = region;
        this.disk = machine.world.disks[region];
        this.generation = generation;
        beatNs = machine.world.time.nowNs();
        deadlineNs = beatNs + DEADLINE_NS;
        promisedNs = deadlineNs;
        beat();
        machine.world.time.at(deadlineNs, machine, this::guard);
        machine.world.time.at(promisedNs, machine.world.outside, this::look);
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

    /** {@return whether it would tell others that its writes hang: they have for half its deadline, and it can tell} */
    boolean tellsOfHang() {
        long nowNs = machine.world.time.nowNs();
        return machine.writesHeldNs(region) > nowNs && !machine.stands() && nowNs - beatNs >= DEADLINE_NS / 2;
    }

    /** The machine's clock stands still with it: the deadline is as far away afterwards as it was. */
    void doesNotSee(long pauseNs) {
        deadlineNs += pauseNs;
    }

    /** {@return whether it has been silent for as long as makes a TIMEOUT, and only a pause lets the machine run on} */
    boolean isSilentPaused() {
        return broken && machine.world.time.nowNs() - beatNs >= StormSettings.THRESHOLD * StormSettings.PERIOD_NS;
    }

    /** From outside, where no clock stands. */
    private void look() {
        if (ended) {
            return;
        }
        long nowNs = machine.world.time.nowNs();
        if (promisedNs <= nowNs) {
            broken |= !machine.world.allHangIn(region);
            promisedNs = nowNs + DEADLINE_NS / 2;
        }
        machine.world.time.at(promisedNs, machine.world.outside, this::look);
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
            deadlineNs = machine.world.time.nowNs() + DEADLINE_NS;
        }
        machine.world.time.after(StormSettings.PERIOD_NS, machine, this::beat);
    }

    private void write() {
        SlotBlock says =
                new SlotBlock(machine.wallSeconds(), machine.number.value(), generation, StormSettings.DEAD_MS);
        disk.writeSlot(machine.index, new SlotReading.Good(says), machine.world.time.nowNs());
        machine.beats(this);
        beatNs = machine.world.time.nowNs();
        promisedNs = beatNs + DEADLINE_NS;
        broken = false;
    }

    private void guard() {
        if (ended) {
            return;
        }
        if (deadlineNs <= machine.world.time.nowNs()) {
            if (machine.world.allHangIn(region)) {
                deadlineNs = machine.world.time.nowNs() + DEADLINE_NS / 2; // they agree that it is the disk
            } else {
                machine.crash("its heartbeat in " + disk.id + " hung");
                return;
            }
        }
        machine.world.time.at(deadlineNs, machine, this::guard);
    }
}
