// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.board.BoardGeometry;
import dev.lockstep.domain.RegionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RegionHeaderTest {
    private static final RegionId NAME = new RegionId("9F3B2C6D1E4A4F5B8C7D6E5F40312213");

    private static final RegionLayout LAYOUT = RawRegion.layout(NAME, 512);

    @Test
    void aRawRegionLiesWhereTheKernelCanBeginIt() {
        assertThat(LAYOUT.startBlock()).isEqualTo(2048);
        assertThat(RawRegion.layout(NAME, 4096).startBlock()).isEqualTo(256);
        assertThat(LAYOUT.end()).isEqualTo((2 << 20) + 255 * 65536);
        assertThat(LAYOUT.board()).contains(new BoardGeometry(2 << 20, 65536, 255));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertThat(RegionHeader.decode(new RegionHeader(LAYOUT).encode())).contains(new RegionHeader(LAYOUT));
        RegionLayout large = RawRegion.layout(NAME, 4096);
        assertThat(RegionHeader.decode(new RegionHeader(large).encode())).contains(new RegionHeader(large));
    }

    @Test
    void foreignBytesAreNoHeader() throws IOException {
        assertThat(RegionHeader.decode(ByteBuffer.allocate(4096))).isEmpty();
        byte[] random = new byte[4096];
        new Random(5).nextBytes(random);
        assertThat(RegionHeader.decode(ByteBuffer.wrap(random))).isEmpty();
    }

    @Test
    void everyDamagedByteIsSeen() {
        for (int at = 8; at < 4096; at++) {
            ByteBuffer header = new RegionHeader(LAYOUT).encode();
            header.put(at, (byte) (header.get(at) ^ 0x10));
            assertThatThrownBy(() -> RegionHeader.decode(header))
                    .as("byte %d", at)
                    .isInstanceOf(UnusableRegion.class)
                    .hasMessageContaining("checksum");
        }
    }

    @Test
    void aBoardThatOverlapsSlotsIsNoLayout() {
        BoardGeometry over = new BoardGeometry(1 << 20, 65536, 255);
        assertThatThrownBy(() -> new RegionLayout(NAME, RegionKind.RAW, 512, 1 << 20, 255, Optional.of(over)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overlaps");
        BoardGeometry runsInto = new BoardGeometry(4096, 65536, 255);
        assertThatThrownBy(() -> new RegionLayout(NAME, RegionKind.RAW, 512, 1 << 20, 255, Optional.of(runsInto)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRegionCannotBeginAtByteZeroOrBetweenSectors() {
        assertThatThrownBy(() -> RegionLayout.explicit(NAME, 512, 0, 255)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RegionLayout(NAME, RegionKind.RAW, 4096, 512, 255, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RegionLayout.explicit(NAME, 512, Long.MAX_VALUE / 4, 255))
                .isInstanceOf(ArithmeticException.class);
    }
}
