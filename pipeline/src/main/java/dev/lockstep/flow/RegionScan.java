// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotCodec;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.sorted.SortedArrayMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads a region's slots twice per heartbeat period. */
final class RegionScan {
    private final RegionId region;
    private final Duration every;
    private final RegionIo io;
    private final FlowContext context;
    private @Nullable Opened opened;

    /** What belongs to one opening of the device; the read thread's own. */
    private record Opened(RegionDevice device, ByteBuffer slots, SlotCodec codec) {}

    RegionScan(RegionId region, Duration period, RegionIo io, FlowContext context) {
        this.region = region;
        this.every = period.dividedBy(2);
        this.io = io;
        this.context = context;
    }

    /**
     * {@return one SlotsScanned per read}
     *
     * <p>Emits on the region's read thread. A beat that falls into a read, or meets no demand, is dropped: a late scan
     * would only repeat what the next one tells. Failures are retried and never end it.
     */
    Flux<Evidence> evidence() {
        Mono<Evidence> reading = io.untilDone("reading slots", this::read);
        return Flux.interval(Duration.ZERO, every, context.core())
                .onBackpressureDrop()
                .concatMap(beat -> reading, 0);
    }

    private Evidence read(RegionDevice device) throws IOException {
        Opened now = opened(device);
        long startedNs = context.clock().nowNs();
        device.readSlots(now.slots);
        SortedMap<NodeNumber, SlotReading> readings = SortedArrayMap.of(
                context.nodes(), node -> now.codec.decode(now.slots, node.value() * now.codec.slotBytes()));
        return new Evidence.SlotsScanned(context.clock().nowNs(), startedNs, region, readings);
    }

    private Opened opened(RegionDevice device) {
        Opened last = opened;
        if (last != null && last.device == device) {
            return last;
        }
        Opened now = new Opened(device, device.slotBuffer(), new SlotCodec(device.slotBytes()));
        opened = now;
        return now;
    }
}
