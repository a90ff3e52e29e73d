// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.Encoding;
import dev.lockstep.domain.NodeNumber;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KnownBlockTest {
    private static final NodeNumber NODE = NodeNumber.of(3);
    private static final int COPY_BYTES = 512;

    private final KnownBlock known = new KnownBlock(NODE);
    private final ByteBuffer disk = ByteBuffer.allocate(2 * COPY_BYTES);

    @Test
    void theSameBytesGiveTheSameReading() {
        write(0, 1);
        BlockReading first = known.read(disk);
        assertThat(first).isEqualTo(Boards.good(3, 1));
        assertThat(known.read(disk)).isSameAs(first);
    }

    @Test
    void aCopyWrittenOverLeavesTheReadingOfTheOther() {
        write(0, 1);
        BlockReading first = known.read(disk);
        write(1, 2);
        assertThat(known.read(disk)).isEqualTo(Boards.good(3, 2));
        disk.put(COPY_BYTES + 100, (byte) ~disk.get(COPY_BYTES + 24)).put(COPY_BYTES + 24, (byte) 77);
        assertThat(known.read(disk)).isSameAs(first);
    }

    @Test
    void whatLiesBehindTheBytesInUseIsNotKept() {
        write(0, 1);
        BlockReading first = known.read(disk);

        disk.put(COPY_BYTES - 1, (byte) 1).put(2 * COPY_BYTES - 1, (byte) 1);

        assertThat(known.read(disk)).isSameAs(first);
    }

    @Test
    void aBlockThatGrowsIsReadAnew() {
        write(0, 1);
        known.read(disk);
        ByteBuffer larger = ByteBuffer.allocate(4 * COPY_BYTES).put(0, disk, 0, COPY_BYTES);

        assertThat(known.read(larger)).isEqualTo(BoardCodec.decode(larger, NODE));
        assertThat(known.read(disk)).isEqualTo(BoardCodec.decode(disk, NODE));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverIsWrittenItReadsAsOneWhoKnowsNothing(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            switch (random.nextInt(6)) {
                case 0 -> disk.put(random.nextInt(disk.capacity()), (byte) random.nextInt(256));
                // The header decides how much of a copy is looked at.
                case 4 -> disk.put(random.nextInt(2) * COPY_BYTES + random.nextInt(24), (byte) random.nextInt(256));
                case 5 -> disk.put(random.nextInt(2) * COPY_BYTES + 17, (byte) random.nextInt(4));
                case 1 -> disk.put(0, new byte[disk.capacity()]);
                default -> write(random.nextInt(2), 1 + random.nextInt(20));
            }
            assertThat(known.read(disk)).isEqualTo(BoardCodec.decode(disk, NODE));
        }
    }

    private void write(int copy, long seq) {
        Encoding encoding = BoardCodec.encode(Boards.report(3, seq), COPY_BYTES);
        ByteBuffer bytes = ((Encoding.Fits) encoding).bytes();
        disk.put(copy * COPY_BYTES, bytes, bytes.position(), bytes.remaining());
    }
}
