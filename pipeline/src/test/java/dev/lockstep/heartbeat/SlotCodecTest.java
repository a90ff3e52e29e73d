// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.Generation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SlotCodecTest {
    /** Written by a live Linux 6.1 kernel, dead threshold 6. */
    private static final String KERNEL_SLOT = "b212036b00000000010000002b1d6a931c8a7a561027d96be02e000000000000";

    private static final SlotBlock KERNEL_BLOCK =
            new SlotBlock(1795363506L, 1, new Generation(0x6bd92710567a8a1cL), 12000);

    private static final String SYNTHETIC_SLOT = "00f153650000000007000000bc2c59fd887766554433221130f2000000000000";

    private static final SlotBlock SYNTHETIC_BLOCK =
            new SlotBlock(1700000000L, 7, new Generation(0x1122334455667788L), 62000);

    private final SlotCodec codec = new SlotCodec(512);

    @Test
    void readsASlotThatAKernelWrote() {
        assertThat(codec.decode(slot(KERNEL_SLOT, 512), 0)).isEqualTo(new SlotReading.Good(KERNEL_BLOCK));
        assertThat(codec.decode(slot(SYNTHETIC_SLOT, 512), 0)).isEqualTo(new SlotReading.Good(SYNTHETIC_BLOCK));
    }

    @Test
    void writesTheVeryBytesAKernelWrites() {
        ByteBuffer written = ByteBuffer.allocate(512);
        codec.encode(KERNEL_BLOCK, written, 0);
        assertThat(written).isEqualTo(slot(KERNEL_SLOT, 512));
        codec.encode(SYNTHETIC_BLOCK, written, 0);
        assertThat(written).isEqualTo(slot(SYNTHETIC_SLOT, 512));
    }

    @Test
    void theChecksumCoversTheWholeSectorOfA4KnDisk() {
        ByteBuffer written = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

        new SlotCodec(4096).encode(SYNTHETIC_BLOCK, written, 0);

        assertThat(written.getInt(12)).isEqualTo(0x9989BAC1);
        assertThat(codec.decode(written, 0)).isEqualTo(new SlotReading.BadChecksum());
    }

    @Test
    void aSlotOfZerosIsValidAndSaysNothing() {
        assertThat(codec.decode(ByteBuffer.allocate(512), 0))
                .isEqualTo(new SlotReading.Good(new SlotBlock(0, 0, Generation.NONE, 0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048, 4096})
    void everyFlippedBitIsSeen(int slotBytes) {
        SlotCodec sized = new SlotCodec(slotBytes);
        ByteBuffer slot = ByteBuffer.allocateDirect(slotBytes);
        sized.encode(KERNEL_BLOCK, slot, 0);

        for (int bit = 0; bit < slotBytes * 8; bit++) {
            flip(slot, bit);
            assertThat(sized.decode(slot, 0)).as("bit %d", bit).isEqualTo(new SlotReading.BadChecksum());
            flip(slot, bit);
        }
        assertThat(sized.decode(slot, 0)).isEqualTo(new SlotReading.Good(KERNEL_BLOCK));
    }

    @Test
    void readsSlotsAnywhereInABufferAndLeavesTheBufferAsItWas() {
        ByteBuffer slots = ByteBuffer.allocateDirect(255 * 512);
        codec.encode(KERNEL_BLOCK, slots, 254 * 512);
        codec.encode(SYNTHETIC_BLOCK, slots, 7 * 512);
        slots.position(10);

        assertThat(codec.decode(slots, 254 * 512)).isEqualTo(new SlotReading.Good(KERNEL_BLOCK));
        assertThat(codec.decode(slots, 7 * 512)).isEqualTo(new SlotReading.Good(SYNTHETIC_BLOCK));
        assertThat(codec.seq(slots, 7 * 512)).isEqualTo(1700000000L);
        assertThat(codec.generation(slots, 7 * 512)).isEqualTo(0x1122334455667788L);
        assertThat(slots.position()).isEqualTo(10);
        assertThat(slots.limit()).isEqualTo(255 * 512);
        assertThatThrownBy(() -> codec.decode(slots, 254 * 512 + 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void fieldsUseTheirWholeWidth() {
        SlotBlock widest = new SlotBlock(-1L, 255, new Generation(-1L), 0xFFFF_FFFFL);
        ByteBuffer slot = ByteBuffer.allocate(512);

        codec.encode(widest, slot, 0);

        assertThat(codec.decode(slot, 0)).isEqualTo(new SlotReading.Good(widest));
        assertThatThrownBy(() -> codec.encode(new SlotBlock(1, 256, Generation.NONE, 0), slot, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> codec.encode(new SlotBlock(1, 0, Generation.NONE, 1L << 32), slot, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomBytesAreNoSlot(long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[512];
        for (int round = 0; round < 200; round++) {
            random.nextBytes(bytes);
            assertThat(codec.decode(ByteBuffer.wrap(bytes), 0))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(new SlotReading.BadChecksum());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 511, 513, 1536, 8192})
    void aSizeNoDiskHasIsRefused(int slotBytes) {
        assertThatThrownBy(() -> new SlotCodec(slotBytes)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ByteBuffer slot(String hexHead, int slotBytes) {
        return ByteBuffer.allocate(slotBytes)
                .put(HexFormat.of().parseHex(hexHead))
                .rewind();
    }

    private static void flip(ByteBuffer slot, int bit) {
        slot.put(bit / 8, (byte) (slot.get(bit / 8) ^ 1 << bit % 8));
    }
}
