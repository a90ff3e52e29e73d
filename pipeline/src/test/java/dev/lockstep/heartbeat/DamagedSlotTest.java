// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.Generation;
import dev.lockstep.fuzz.Damage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DamagedSlotTest {
    private static final int SEEDS = Integer.getInteger("fuzz.seeds", 50_000);
    private static final int BYTES = 512;
    private static final SlotBlock WRITTEN = new SlotBlock(17, 3, new Generation(0x1234), 62_000);

    @Test
    void noDamagedSlotIsABeatThatNobodyWrote() {
        SlotCodec codec = new SlotCodec(BYTES);
        ByteBuffer slot = ByteBuffer.allocate(BYTES);
        codec.encode(WRITTEN, slot, 0);
        int bad = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            byte[] damaged = Arrays.copyOf(new Damage(seed).of(slot.array()), BYTES);
            SlotReading reading;
            try {
                reading = codec.decode(ByteBuffer.wrap(damaged), 0);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            boolean nothingWritten = reading instanceof SlotReading.Good good
                    && good.block().generation().isNone()
                    && good.block().seq() == 0;
            boolean asWritten =
                    reading instanceof SlotReading.Good good && good.block().equals(WRITTEN);
            boolean refused = reading instanceof SlotReading.BadChecksum;
            assertThat(nothingWritten || asWritten || refused)
                    .as("seed %d: %s", seed, reading)
                    .isTrue();
            bad += refused ? 1 : 0;
        }
        assertThat(bad).isPositive();
    }
}
