// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.flow.FlowSchedulers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;

/** The threads of one simulated agent. */
final class SimThreads implements FlowSchedulers {
    private static final long US = 1_000L;

    private final Hold hold;
    private final Random random;
    private final VirtualTime time;
    private final SimThread core;
    private final SimThread watch;
    private final SimThread lasting;
    private final List<SimThread> effects = new ArrayList<>();

    /** What keeps threads from going on, until when. */
    interface Hold {
        /** {@return until when the machine is paused} */
        long machineNs();

        /** {@return until when the machine's path to the region hangs} */
        long diskNs(RegionId region);

        /** {@return until when writes to the lockspace's control file block} */
        long laneNs(Optional<LockspaceName> lockspace);
    }

    SimThreads(VirtualTime time, Random random, Hold hold) {
        this.time = time;
        this.random = random;
        this.hold = hold;
        core = new SimThread(time, () -> 0, hold::machineNs);
        watch = new SimThread(time, () -> jitter(50, 400), hold::machineNs);
        lasting = effect(() -> jitter(20, 2_000), hold::machineNs);
    }

    private long jitter(int leastUs, int mostUs) {
        return (leastUs + random.nextInt(mostUs - leastUs)) * US;
    }

    @Override
    public Scheduler core() {
        return core;
    }

    @Override
    public Scheduler watch() {
        return watch;
    }

    @Override
    public Scheduler lasting() {
        return lasting;
    }

    @Override
    public Scheduler reads(RegionId region) {
        return new SimThread(time, () -> jitter(300, 8_000), () -> Math.max(hold.machineNs(), hold.diskNs(region)));
    }

    @Override
    public Scheduler writes(RegionId region) {
        return effect(() -> jitter(500, 12_000), () -> Math.max(hold.machineNs(), hold.diskNs(region)));
    }

    @Override
    public Scheduler lane(Optional<LockspaceName> lockspace) {
        return effect(() -> jitter(50, 3_000), () -> Math.max(hold.machineNs(), hold.laneNs(lockspace)));
    }

    @Override
    public Scheduler fence(NodeNumber peer) {
        return effect(() -> jitter(200_000, 12_000_000), hold::machineNs);
    }

    private SimThread effect(LongSupplier takesNs, LongSupplier heldUntilNs) {
        SimThread thread = new SimThread(time, takesNs, heldUntilNs);
        effects.add(thread);
        return thread;
    }

    /** The process is killed; {@return when the last of its threads has left the kernel} */
    long die() {
        core.end();
        watch.end();
        long lastNs = time.nowNs();
        for (SimThread thread : effects) {
            lastNs = Math.max(lastNs, thread.die(random.nextBoolean()));
        }
        return lastNs;
    }

    /** The machine has no power any more. */
    void end() {
        core.end();
        watch.end();
        effects.forEach(SimThread::end);
    }

    @Override
    public void release(Scheduler scheduler) {}

    @Override
    public void releaseAll() {}
}
