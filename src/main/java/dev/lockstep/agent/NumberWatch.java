// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.port.BootClock;
import dev.lockstep.port.RegionDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Looks whether another machine lives under this node's number, before this one writes anything. Once both beat it is
 * too late: the kernel finds a foreign beat in its slot and resets the machine, and that may be the rightful one.
 *
 * <p>A slot or a board block that changes while this machine does not heartbeat is written by somebody else. O2CB beats
 * once in a period, so three periods show anybody whose writes are not badly delayed. What does not change tells
 * nothing of a machine whose writes hang, and two that start at once see nothing of each other: then the kernel's own
 * check and the board's decide.
 *
 * <p>One thread; calls block.
 */
final class NumberWatch {
    private static final int PERIODS = 3;

    /** Looks in a period. */
    private static final int LOOKS = 4;

    private final NodeNumber self;
    private final Duration period;
    private final BootClock clock;
    private final Consumer<Duration> pause;

    /** Where this machine itself heartbeats. */
    interface OwnBeat {
        /**
         * {@return whether it does in that region}
         *
         * @throws IOException if that cannot be told
         */
        boolean isIn(RegionId region) throws IOException;
    }

    /**
     * @param self this node's number
     * @param period how often a live node beats
     * @param clock tells how long was watched
     * @param pause waits
     */
    NumberWatch(NodeNumber self, Duration period, BootClock clock, Consumer<Duration> pause) {
        this.self = self;
        this.period = period;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Watches for three periods.
     *
     * @param regions where this machine does not heartbeat
     * @param own whether it has begun to meanwhile, or never ceased to, so that a change may be its own
     * @return the regions that could not be watched, with the reason: nothing may be written there
     * @throws NumberInUse if something changed, and not by this machine
     */
    SortedMap<RegionId, String> requireFree(Map<RegionId, RegionChange.Opener> regions, OwnBeat own)
            throws NumberInUse {
        SortedMap<RegionId, String> unread = new TreeMap<>();
        List<Place> places = new ArrayList<>();
        try {
            regions.forEach((region, opener) -> open(region, opener, places, unread));
            long startedNs = clock.nowNs();
            while (!places.isEmpty() && clock.nowNs() - startedNs < PERIODS * period.toNanos()) {
                pause.accept(period.dividedBy(LOOKS));
                for (Place place : List.copyOf(places)) {
                    if (!look(place, own, unread)) {
                        places.remove(place);
                        place.device.close();
                    }
                }
            }
        } finally {
            places.forEach(place -> place.device.close());
        }
        return unread;
    }

    private void open(
            RegionId region, RegionChange.Opener opener, List<Place> places, SortedMap<RegionId, String> unread) {
        try {
            RegionDevice device = opener.open();
            try {
                places.add(new Place(region, device, slot(device), block(device)));
            } catch (IOException e) {
                device.close();
                throw e;
            }
        } catch (IOException e) {
            unread.put(region, String.valueOf(e.getMessage()));
        }
    }

    /** Whether to go on watching it. */
    private boolean look(Place place, OwnBeat own, SortedMap<RegionId, String> unread) throws NumberInUse {
        try {
            boolean sameSlot = slot(place.device).equals(place.slot);
            boolean changed = !sameSlot || !block(place.device).equals(place.block);
            if (changed && !own.isIn(place.region)) {
                throw new NumberInUse(self, place.region, sameSlot ? "the board block" : "the slot");
            }
            return !changed;
        } catch (IOException e) {
            unread.put(place.region, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private ByteBuffer slot(RegionDevice device) throws IOException {
        if (self.value() >= device.slots()) {
            return ByteBuffer.allocate(0); // the flow refuses such a region by name
        }
        ByteBuffer all = device.slotBuffer();
        device.readSlots(all);
        return copy(all.duplicate()
                .position(self.value() * device.slotBytes())
                .limit((self.value() + 1) * device.slotBytes()));
    }

    private ByteBuffer block(RegionDevice device) throws IOException {
        return device.board().filter(board -> self.value() < board.blocks()).isPresent()
                ? copy(device.readBoardBlock(self.value()))
                : ByteBuffer.allocate(0);
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }

    /** What stood there at the first look. */
    private record Place(RegionId region, RegionDevice device, ByteBuffer slot, ByteBuffer block) {}
}
