// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.sim.DiskFault;
import dev.lockstep.sim.SimDisk;
import dev.lockstep.sim.SimRegionDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class NumberWatchTest {
    private static final NodeNumber TWO = NodeNumber.of(2);
    private static final RegionId A = new RegionId("A");
    private static final RegionId B = new RegionId("B");
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final SimDisk diskA = SimDisk.formatted();
    private final SimDisk diskB = SimDisk.formatted();
    private final SimRegionDevice deviceA = diskA.attach();
    private long nowNs = 1;

    /** What happens elsewhere as time passes, in seconds since the watch began. */
    private Consumer<Double> meanwhile = seconds -> {};

    private final NumberWatch watch = new NumberWatch(TWO, PERIOD, () -> nowNs, pause -> {
        nowNs += pause.toNanos();
        meanwhile.accept((nowNs - 1) / 1e9);
    });

    private final Map<RegionId, RegionChange.Opener> both = Map.of(A, () -> deviceA, B, diskB::attach);

    @Test
    void aNumberIsFreeWhereNothingChangesForThreePeriods() throws NumberInUse {
        write(diskA, 2, 7); // what a former life has left
        meanwhile = seconds -> write(diskB, 1, (int) (seconds * 10)); // another node beats

        assertThat(watch.requireFree(both, region -> false)).isEmpty();

        assertThat(nowNs - 1).isEqualTo(PERIOD.multipliedBy(3).toNanos());
        assertThatThrownBy(() -> deviceA.readBoardBlock(2)).isInstanceOf(IOException.class); // closed
    }

    @Test
    void aSlotThatChangesIsSomebodyElses() {
        meanwhile = seconds -> write(diskB, 2, seconds < 5.5 ? 0 : 1);

        assertThatThrownBy(() -> watch.requireFree(both, region -> false))
                .isInstanceOf(NumberInUse.class)
                .hasMessageContaining("number 2")
                .hasMessageContaining("the slot")
                .hasMessageContaining("region B");
    }

    @Test
    void aBoardBlockThatChangesIsSomebodyElses() {
        meanwhile = seconds -> {
            if (seconds > 3) {
                report(diskA, 2);
            }
        };

        assertThatThrownBy(() -> watch.requireFree(both, region -> false))
                .isInstanceOf(NumberInUse.class)
                .hasMessageContaining("the board block")
                .hasMessageContaining("region A");
    }

    @Test
    void aHeartbeatThatThisMachineBeganMeanwhileIsItsOwn() throws NumberInUse {
        meanwhile = seconds -> write(diskA, 2, (int) (seconds * 10));

        assertThat(watch.requireFree(both, A::equals)).isEmpty();
    }

    /** As for an agent that is restarted under its node's heartbeat while configfs cannot be listed. */
    @Test
    void aChangeThatMayBeItsOwnIsNobodyElses() throws NumberInUse {
        meanwhile = seconds -> write(diskA, 2, (int) (seconds * 10));

        SortedMap<RegionId, String> unread = watch.requireFree(both, region -> {
            throw new IOException("it cannot be told");
        });

        assertThat(unread).containsOnlyKeys(A).containsEntry(A, "it cannot be told");
    }

    @Test
    void aRegionThatCannotBeReadIsNamedAndTheOthersAreWatched() {
        meanwhile = seconds -> {
            deviceA.onReads(DiskFault.failing("EIO"));
            write(diskB, 2, seconds < 4 ? 0 : 1);
        };

        assertThatThrownBy(() -> watch.requireFree(both, region -> false)).hasMessageContaining("region B");
    }

    @Test
    void aRegionThatCannotBeOpenedIsNotFree() throws NumberInUse {
        Map<RegionId, RegionChange.Opener> regions = Map.of(A, () -> {
            throw new IOException("no such device");
        });

        assertThat(watch.requireFree(regions, region -> false)).containsEntry(A, "no such device");
    }

    private static void report(SimDisk disk, int node) {
        try (SimRegionDevice device = disk.attach()) {
            device.writeBoardCopy(node, 1, ByteBuffer.allocate(512).putInt(0, 1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(SimDisk disk, int slot, int content) {
        try (SimRegionDevice device = disk.attach()) {
            device.writeSlot(slot, ByteBuffer.allocate(512).putInt(0, content));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
