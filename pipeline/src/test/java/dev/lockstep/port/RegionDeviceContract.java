// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.BoardGeometry;
import dev.lockstep.board.Encoding;
import dev.lockstep.board.Report;
import dev.lockstep.board.ReportSamples;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotCodec;
import dev.lockstep.heartbeat.SlotReading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What every {@link RegionDevice} keeps, on whatever it stands. */
public interface RegionDeviceContract {

    /**
     * {@return a new opening of one freshly formatted region, the same region for all calls in one test; with 255 slots
     * and a board that has room for node 200}
     */
    RegionDevice open() throws IOException;

    @Test
    default void aFormattedRegionHasUnusedSlotsAndVacantBlocks() throws IOException {
        try (RegionDevice device = open()) {
            SlotCodec codec = new SlotCodec(device.slotBytes());
            ByteBuffer slots = device.slotBuffer();
            device.readSlots(slots);

            assertThat(device.slots()).isEqualTo(255);
            for (int slot = 0; slot < device.slots(); slot++) {
                assertThat(codec.decode(slots, slot * device.slotBytes()))
                        .isEqualTo(new SlotReading.Good(new SlotBlock(0, 0, Generation.NONE, 0)));
            }
            for (int node = 0; node < board(device).blocks() && node <= NodeNumber.MAX; node++) {
                assertThat(BoardCodec.decode(device.readBoardBlock(node), NodeNumber.of(node)))
                        .isEqualTo(new BlockReading.Vacant());
            }
        }
    }

    @Test
    default void aWrittenSlotIsSeenByOthersAndItsNeighboursStay() throws IOException {
        try (RegionDevice writer = open();
                RegionDevice reader = open()) {
            SlotCodec codec = new SlotCodec(writer.slotBytes());
            ByteBuffer block = ByteBuffer.allocate(writer.slotBytes());
            for (int slot : new int[] {0, 7, 8, 254}) {
                codec.encode(slot(slot), block, 0);
                writer.writeSlot(slot, block);
                assertThat(block.remaining()).isEqualTo(writer.slotBytes());
            }
            ByteBuffer slots = reader.slotBuffer();
            reader.readSlots(slots);

            for (int slot : new int[] {0, 7, 8, 254}) {
                assertThat(codec.decode(slots, slot * writer.slotBytes())).isEqualTo(new SlotReading.Good(slot(slot)));
            }
            for (int slot : new int[] {1, 6, 9, 253}) {
                assertThat(codec.seq(slots, slot * writer.slotBytes())).isZero();
            }
        }
    }

    @Test
    default void theTwoCopiesOfABlockAreWrittenApart() throws IOException {
        Report first = ReportSamples.rich(200, 1);
        Report second = ReportSamples.crowded(200, 2, 3, 20);
        try (RegionDevice writer = open();
                RegionDevice reader = open()) {
            int copyBytes = board(writer).copyBytes();
            NodeNumber node = NodeNumber.of(200);

            writer.writeBoardCopy(200, 0, bytes(first, copyBytes));
            assertThat(BoardCodec.decode(reader.readBoardBlock(200), node)).isEqualTo(new BlockReading.Good(first));
            writer.writeBoardCopy(200, 1, bytes(second, copyBytes));
            assertThat(BoardCodec.decode(reader.readBoardBlock(200), node)).isEqualTo(new BlockReading.Good(second));
            assertThat(BoardCodec.decodeCopy(reader.readBoardBlock(200).limit(copyBytes), node))
                    .isEqualTo(new BlockReading.Good(first));
            assertThat(BoardCodec.decode(reader.readBoardBlock(199), NodeNumber.of(199)))
                    .isEqualTo(new BlockReading.Vacant());
        }
    }

    @Test
    default void theRestOfACopysLastSectorIsZeroed() throws IOException {
        try (RegionDevice device = open()) {
            byte[] full = new byte[board(device).copyBytes()];
            Arrays.fill(full, (byte) 0xFF);
            device.writeBoardCopy(5, 1, ByteBuffer.wrap(full));
            device.writeBoardCopy(5, 1, ByteBuffer.wrap(full, 0, 10));

            ByteBuffer block = device.readBoardBlock(5);
            assertThat(block.remaining()).isEqualTo(board(device).blockBytes());
            for (int i = 0; i < device.slotBytes(); i++) {
                assertThat(block.get(block.position() + board(device).copyBytes() + i))
                        .as("byte %d", i)
                        .isEqualTo((byte) (i < 10 ? 0xFF : 0));
            }
        }
    }

    @Test
    default void whatDoesNotFitIsRefusedBeforeAnythingIsWritten() throws IOException {
        try (RegionDevice device = open()) {
            ByteBuffer block = ByteBuffer.allocate(device.slotBytes());
            assertThatThrownBy(() -> device.writeSlot(255, block)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> device.writeSlot(-1, block)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> device.writeSlot(0, block.duplicate().limit(8)))
                    .isInstanceOf(IllegalArgumentException.class);
            ByteBuffer large = ByteBuffer.allocate(board(device).copyBytes() + 1);
            assertThatThrownBy(() -> device.writeBoardCopy(0, 0, large)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> device.writeBoardCopy(0, 2, block)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> device.readBoardBlock(board(device).blocks()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    default void aClosedDeviceFails() throws IOException {
        RegionDevice device = open();
        ByteBuffer slots = device.slotBuffer();
        device.close();
        device.close();

        assertThatThrownBy(() -> device.readSlots(slots)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> device.readBoardBlock(0)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> device.writeSlot(0, ByteBuffer.allocate(device.slotBytes())))
                .isInstanceOf(IOException.class);
    }

    @Test
    default void oneReadsWhileAnotherWrites() throws IOException {
        int rounds = 200;
        try (RegionDevice device = open()) {
            SlotCodec codec = new SlotCodec(device.slotBytes());
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                SlotCodec own = new SlotCodec(device.slotBytes());
                ByteBuffer block = ByteBuffer.allocate(device.slotBytes());
                try {
                    for (int round = 1; round <= rounds; round++) {
                        own.encode(new SlotBlock(round, 9, new Generation(1), 12000), block, 0);
                        device.writeSlot(9, block);
                        device.writeBoardCopy(
                                9,
                                round % 2,
                                bytes(
                                        ReportSamples.rich(9, round),
                                        board(device).copyBytes()));
                    }
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            ByteBuffer slots = device.slotBuffer();
            long seen = 0;
            while (seen < rounds) {
                boolean last = writer.isDone();
                device.readSlots(slots);
                assertThat(codec.isValid(slots, 9 * device.slotBytes())).isTrue();
                long now = codec.seq(slots, 9 * device.slotBytes());
                assertThat(now).isGreaterThanOrEqualTo(seen);
                seen = now;
                if (last) {
                    writer.join();
                    assertThat(seen).isEqualTo(rounds);
                }
            }
            writer.join();
            assertThat(BoardCodec.decode(device.readBoardBlock(9), NodeNumber.of(9)))
                    .isEqualTo(new BlockReading.Good(ReportSamples.rich(9, rounds)));
        }
    }

    @Test
    default void twoThreadsReadBlocksAtATime() throws IOException {
        try (RegionDevice device = open()) {
            int copyBytes = board(device).copyBytes();
            device.writeBoardCopy(1, 0, bytes(ReportSamples.rich(1, 5), copyBytes));
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                try {
                    for (int round = 0; round < 300; round++) {
                        assertThat(BoardCodec.decode(device.readBoardBlock(2), NodeNumber.of(2)))
                                .isEqualTo(new BlockReading.Vacant());
                    }
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            for (int round = 0; round < 300; round++) {
                assertThat(BoardCodec.decode(device.readBoardBlock(1), NodeNumber.of(1)))
                        .isEqualTo(new BlockReading.Good(ReportSamples.rich(1, 5)));
            }
            other.join();
        }
    }

    private static BoardGeometry board(RegionDevice device) {
        return device.board().orElseThrow();
    }

    private static SlotBlock slot(int node) {
        return new SlotBlock(1700000000L + node, node, new Generation(77), 12000);
    }

    private static ByteBuffer bytes(Report report, int copyBytes) {
        return ((Encoding.Fits) BoardCodec.encode(report, copyBytes)).bytes();
    }
}
