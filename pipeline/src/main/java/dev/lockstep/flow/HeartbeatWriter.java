// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.core.ClusterFacts;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.RegionId;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotCodec;
import dev.lockstep.port.BootClock;
import dev.lockstep.port.RegionDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Writes the own slot of one region once per period: the heartbeat where the kernel does not beat. It has its own
 * opening of the device and its own thread, and does not end with the pipeline, because the death of an agent is not
 * the death of its node.
 *
 * <p>A write that was late or failed is told to the {@link Watch}, which feeds no watchdog then; the pipeline itself
 * sees its own slot stand still and concludes nothing about others meanwhile.
 */
public final class HeartbeatWriter {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatWriter.class);

    /** Hears of every beat, on the heartbeat's thread. */
    public interface Watch {

        /** The slot was written within its period: the watchdog may be fed. */
        void beat(RegionId region);

        /**
         * The slot was written late or not at all: the watchdog must not be fed.
         *
         * @param why for people
         */
        void missed(RegionId region, String why);
    }

    private final RegionId region;
    private final ClusterFacts facts;
    private final Generation generation;
    private final RegionHandle handle;
    private final Scheduler thread;
    private final BootClock clock;
    private final Watch watch;
    private long seq;
    /** The thread's own; made at the first beat, which knows the slot's size. */
    private @Nullable SlotCodec codec;

    /**
     * @param generation this session's random number, not {@link Generation#NONE}
     * @param opener opens the region's device
     * @param thread the heartbeat's own thread, which also keeps the period; stays the caller's
     */
    public HeartbeatWriter(
            RegionId region,
            ClusterFacts facts,
            Generation generation,
            RegionChange.Opener opener,
            Scheduler thread,
            BootClock clock,
            Watch watch) {
        if (generation.isNone()) {
            throw new IllegalArgumentException("a heartbeat session needs a generation");
        }
        this.region = region;
        this.facts = facts;
        this.generation = generation;
        this.handle = new RegionHandle(opener);
        this.thread = thread;
        this.clock = clock;
        this.watch = watch;
        // Only has to differ from what the slot held: nanoseconds since boot grow faster than one per beat.
        this.seq = Math.max(1, clock.nowNs());
    }

    /**
     * Starts to beat, at once and then every period, start to start. A beat that falls into a write is left out.
     *
     * @return stops beating and leaves the slot as it is, as a crash would
     */
    public Disposable start() {
        return Flux.interval(Duration.ZERO, Duration.ofNanos(facts.periodNs()), thread)
                .onBackpressureDrop()
                .concatMap(beat -> Blocking.call(thread, this::beat), 0)
                .subscribe(
                        beat -> {},
                        failure -> LOG.error(
                                "region {}: the heartbeat stops, this node will be taken for dead", region, failure));
    }

    /**
     * {@return ends the session: the slot says generation 0, which is no death}
     *
     * <p>Dispose of {@link #start()}'s result first. Fails with the IOException if the slot cannot be written.
     */
    public Mono<Void> leave() {
        return Blocking.call(thread, () -> {
                    write(Generation.NONE);
                    handle.close();
                    return true;
                })
                .then();
    }

    private boolean beat() {
        long startedNs = clock.nowNs();
        try {
            write(generation);
        } catch (IOException e) {
            watch.missed(region, "own heartbeat not written: " + e.getMessage());
            return false;
        }
        long tookNs = clock.nowNs() - startedNs;
        if (tookNs > facts.periodNs()) {
            watch.missed(
                    region, "own heartbeat took " + Duration.ofNanos(tookNs).toMillis() + " ms to write");
            return false;
        }
        watch.beat(region);
        return true;
    }

    private void write(Generation session) throws IOException {
        seq++;
        handle.call(device -> {
            writeTo(device, session);
            return true;
        });
    }

    private void writeTo(RegionDevice device, Generation session) throws IOException {
        SlotCodec now = codec;
        if (now == null || now.slotBytes() != device.slotBytes()) {
            now = new SlotCodec(device.slotBytes());
            codec = now;
        }
        ByteBuffer block = ByteBuffer.allocate(device.slotBytes());
        SlotBlock says = new SlotBlock(seq, facts.self().value(), session, facts.deadMs());
        now.encode(says, block, 0);
        device.writeSlot(facts.self().value(), block);
    }
}
