// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.Generation;
import dev.lockstep.domain.RegionId;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotCodec;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.port.RegionDeviceContract;
import dev.lockstep.testing.BufferPools;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectRegionDeviceTest implements RegionDeviceContract {
    @TempDir
    Path folder;

    private Path path;
    private Caching caching;

    @BeforeEach
    void formatARegion() throws IOException {
        path = folder.resolve("region");
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Optional<String> name = Optional.of("9F3B2C6D1E4A4F5B8C7D6E5F40312213");
        caching = Trial.caching(folder);
        int status = RegionFormat.run(nowhere, nowhere, new RegionFormat.Request(path, name, 0, caching));
        assertThat(status).isZero();
    }

    @Override
    public RegionDevice open() throws IOException {
        return DirectRegionDevice.open(path, Access.READ_WRITE, caching);
    }

    @Test
    void aRegionOfTheKernelIsOpenedByItsNumbers() throws IOException {
        RegionLayout layout = RegionLayout.explicit(new RegionId("1234"), 512, 2048, 32);
        SlotCodec codec = new SlotCodec(512);
        ByteBuffer slot = ByteBuffer.allocate(512);
        SlotBlock block = new SlotBlock(9, 3, new Generation(4), 62000);
        codec.encode(block, slot, 0);
        try (RegionDevice writer = open();
                DirectRegionDevice reader = DirectRegionDevice.open(path, layout, Access.READ, caching)) {
            writer.writeSlot(3, slot);
            ByteBuffer slots = reader.slotBuffer();
            reader.readSlots(slots);

            assertThat(slots.remaining()).isEqualTo(32 * 512);
            assertThat(codec.decode(slots, 3 * 512)).isEqualTo(new SlotReading.Good(block));
            assertThat(reader.board()).isEmpty();
            assertThatThrownBy(() -> reader.readBoardBlock(0)).hasMessageContaining("no board");
            assertThatThrownBy(() -> reader.writeSlot(3, slot)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anOpeningThatReadsNoSlotsHasNoMemoryForThem() throws IOException {
        RegionLayout layout = RegionLayout.explicit(new RegionId("1234"), 4096, 1, 255);
        long before = BufferPools.directBytes();

        try (DirectRegionDevice device = DirectRegionDevice.open(path, layout, Access.READ, caching)) {
            assertThat(BufferPools.directBytes() - before).isLessThan(255 * 4096);
            device.readSlots(device.slotBuffer());
        }
    }

    @Test
    void aDeviceThatIsTruncatedGivesAnErrorAndNoSample() throws IOException {
        try (RegionDevice device = open()) {
            truncate((1 << 20) + 4096);

            assertThatThrownBy(() -> device.readSlots(device.slotBuffer()))
                    .isInstanceOf(EOFException.class)
                    .hasMessageContaining(path.toString());
            assertThatThrownBy(() -> device.readBoardBlock(0)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aTruncatedRegionIsNotOpened() throws IOException {
        truncate(4 << 20);

        assertThatThrownBy(this::open).isInstanceOf(UnusableRegion.class).hasMessageContaining("ends at byte");
    }

    @Test
    void aFileThatIsReplacedOrRemovedGivesAnError() throws IOException {
        try (RegionDevice device = open()) {
            Files.copy(path, folder.resolve("copy"));
            Files.move(folder.resolve("copy"), path, StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> device.readSlots(device.slotBuffer())).hasMessageContaining("replaced");
            Files.delete(path);
            assertThatThrownBy(() -> device.readSlots(device.slotBuffer())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSlotThatChangesItsNodeNumberIsReadAsItStands() throws IOException {
        SlotCodec codec = new SlotCodec(512);
        ByteBuffer slot = ByteBuffer.allocate(512);
        try (RegionDevice device = open()) {
            ByteBuffer slots = device.slotBuffer();
            for (int node : new int[] {3, 5}) {
                SlotBlock block = new SlotBlock(9, node, new Generation(4), 62000);
                codec.encode(block, slot, 0);
                device.writeSlot(3, slot);
                device.readSlots(slots);
                assertThat(codec.decode(slots, 3 * 512)).isEqualTo(new SlotReading.Good(block));
            }
        }
    }

    @Test
    void aDeviceWithoutARegionIsNotOpened() throws IOException {
        Files.write(path, new byte[32 << 20]);

        assertThatThrownBy(this::open)
                .isInstanceOf(UnusableRegion.class)
                .hasMessage(path + ": no Lockstep region and no OCFS2 volume");
    }

    @Test
    void onlyItsOwnBufferIsRead() throws IOException {
        try (RegionDevice device = open()) {
            assertThatThrownBy(() -> device.readSlots(ByteBuffer.allocateDirect(255 * 512)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private void truncate(long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(bytes);
        }
    }
}
