// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotCodec;
import dev.lockstep.port.RegionDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * One session of a kernel's O2CB heartbeat in one region: a write per period, and a reset of the machine when none
 * completed for T − 1 periods (fs/ocfs2/cluster/heartbeat.c).
 */
final class Heartbeat {
    private final VirtualTime time;
    private final SimSettings settings;
    private final NodeNumber node;
    private final RegionDevice device;
    private final LongSupplier heldUntilNs;
    private final LongSupplier timersHeldUntilNs;
    private final Runnable selfFence;
    private final SlotCodec codec;
    private final ByteBuffer block;
    private Generation generation;
    private long completedNs;
    private long seq;
    private boolean ended;

    Heartbeat(
            VirtualTime time,
            SimSettings settings,
            NodeNumber node,
            Generation generation,
            RegionDevice device,
            LongSupplier heldUntilNs,
            LongSupplier timersHeldUntilNs,
            Runnable selfFence) {
        this.time = time;
        this.settings = settings;
        this.node = node;
        this.generation = generation;
        this.device = device;
        this.heldUntilNs = heldUntilNs;
        this.timersHeldUntilNs = timersHeldUntilNs;
        this.selfFence = selfFence;
        codec = new SlotCodec(device.slotBytes());
        block = ByteBuffer.allocate(device.slotBytes());
        completedNs = time.nowNs();
        seq = time.nowNs();
    }

    /** Beats from now on. */
    void start() {
        beat();
        guard();
    }

    /** A new session under the same device: stop and start without a pause. */
    void restart(Generation next) {
        generation = next;
    }

    /** A clean stop: the slot says so. */
    void leave() {
        generation = Generation.NONE;
        write();
        ended = true;
    }

    /** The machine is gone. */
    void end() {
        ended = true;
    }

    private void beat() {
        if (ended) {
            return;
        }
        long heldNs = heldUntilNs.getAsLong();
        if (heldNs > time.nowNs()) {
            time.after(heldNs - time.nowNs(), this::beat);
            return;
        }
        write();
        time.after(settings.period().toNanos(), this::beat);
    }

    private void write() {
        block.clear();
        SlotBlock says = new SlotBlock(++seq, node.value(), generation, settings.deadMs());
        codec.encode(says, block, 0);
        try {
            device.writeSlot(node.value(), block);
            completedNs = time.nowNs();
        } catch (IOException e) {
            // The kernel says so in its log and tries again at the next period.
            seq--;
        }
    }

    private void guard() {
        long heldNs = timersHeldUntilNs.getAsLong() - time.nowNs();
        if (heldNs > 0 && !ended) {
            completedNs += heldNs; // a paused machine does not see the time pass
            time.after(heldNs, this::guard);
            return;
        }
        long deadlineNs =
                completedNs + (settings.deadThreshold() - 1) * settings.period().toNanos();
        if (ended) {
            return;
        }
        if (deadlineNs <= time.nowNs()) {
            selfFence.run();
            return;
        }
        time.after(deadlineNs - time.nowNs(), this::guard);
    }
}
