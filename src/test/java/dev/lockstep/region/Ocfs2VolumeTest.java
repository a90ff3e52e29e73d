// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.board.BoardGeometry;
import dev.lockstep.domain.RegionId;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fixtures are the metadata of volumes that mkfs.ocfs2 made; each names its command. */
final class Ocfs2VolumeTest {
    private static final int BYTES = 2 << 20 | 1 << 19;

    /** 4 KiB blocks, the system directory inside its inode. */
    private static final String LARGE_BLOCKS = "ocfs2-4k.txt";
    /** 1 KiB blocks, the system directory in an extent. */
    private static final String SMALL_BLOCKS = "ocfs2-1k.txt";

    private static final String HEARTBEAT_ONLY = "ocfs2-heartbeat-only.txt";

    @Test
    void findsTheHeartbeatFileOfAVolume() throws IOException {
        assertThat(Ocfs2Volume.find(MemoryDevice.of(LARGE_BLOCKS, BYTES)))
                .contains(new Ocfs2Volume(
                        new RegionId("AD272840423641F0A2A7774D00CB48C6"), 4096, false, 1118208, 1048576));
        assertThat(Ocfs2Volume.find(MemoryDevice.of(SMALL_BLOCKS, BYTES)))
                .contains(
                        new Ocfs2Volume(new RegionId("09F710993561496381F9D0129ED84A0B"), 1024, false, 290816, 262144));
        assertThat(Ocfs2Volume.find(MemoryDevice.of(HEARTBEAT_ONLY, BYTES)))
                .contains(new Ocfs2Volume(new RegionId("25182B45FF3348A2B2C36713C9473874"), 512, true, 151552, 131072));
    }

    @Test
    void aVolumeWithoutABoardIsARegionWithoutOne() throws IOException {
        RegionLayout layout =
                RegionProbe.probe(MemoryDevice.of(LARGE_BLOCKS, BYTES), 512).orElseThrow();

        assertThat(layout.startBlock()).isEqualTo(2184);
        assertThat(layout.slots()).isEqualTo(255);
        assertThat(layout.board()).isEmpty();
        assertThat(RegionProbe.probe(MemoryDevice.of(LARGE_BLOCKS, BYTES), 4096)
                        .orElseThrow()
                        .startBlock())
                .isEqualTo(273);
    }

    @Test
    void theSpareAreaHolds223Blocks() throws IOException {
        Ocfs2Volume volume =
                Ocfs2Volume.find(MemoryDevice.of(LARGE_BLOCKS, BYTES)).orElseThrow();

        RegionLayout layout = Ocfs2Region.withBoard(volume, 512);

        assertThat(layout.board()).contains(new BoardGeometry(1118208 + 131072 + 4096, 4096, 223));
        assertThat(layout.end()).isEqualTo(1118208 + 1048576);
    }

    @Test
    void aBoardIsFoundByItsHeader() throws IOException {
        MemoryDevice device = MemoryDevice.of(LARGE_BLOCKS, BYTES);
        RegionLayout layout = Ocfs2Region.withBoard(Ocfs2Volume.find(device).orElseThrow(), 512);
        device.put(1118208 + 131072, new RegionHeader(layout).encode());

        assertThat(RegionProbe.probe(device, 512)).contains(layout);
    }

    @Test
    void aBoardOfAnotherVolumeIsRefused() throws IOException {
        MemoryDevice device = MemoryDevice.of(LARGE_BLOCKS, BYTES);
        RegionLayout own = Ocfs2Region.withBoard(Ocfs2Volume.find(device).orElseThrow(), 512);
        RegionLayout foreign = new RegionLayout(
                new RegionId("09F710993561496381F9D0129ED84A0B"),
                own.kind(),
                own.slotBytes(),
                own.slotStart(),
                own.slots(),
                own.board());
        device.put(1118208 + 131072, new RegionHeader(foreign).encode());

        assertThatThrownBy(() -> RegionProbe.probe(device, 512))
                .isInstanceOf(UnusableRegion.class)
                .hasMessageContaining("09F710993561496381F9D0129ED84A0B");
    }

    @Test
    void layoutsWithoutRoomForABoardAreRefusedByName() throws IOException {
        Ocfs2Volume large =
                Ocfs2Volume.find(MemoryDevice.of(LARGE_BLOCKS, BYTES)).orElseThrow();
        Ocfs2Volume small =
                Ocfs2Volume.find(MemoryDevice.of(SMALL_BLOCKS, BYTES)).orElseThrow();
        Ocfs2Volume heartbeatOnly =
                Ocfs2Volume.find(MemoryDevice.of(HEARTBEAT_ONLY, BYTES)).orElseThrow();

        assertThatThrownBy(() -> Ocfs2Region.withBoard(large, 4096)).hasMessageContaining("sectors of 4096");
        assertThatThrownBy(() -> Ocfs2Region.withBoard(small, 512)).hasMessageContaining("blocks of 1024");
        assertThatThrownBy(() -> Ocfs2Region.withBoard(small, 4096)).hasMessageContaining("on sectors of 4096");
        assertThatThrownBy(() -> Ocfs2Region.withBoard(heartbeatOnly, 512)).hasMessageContaining("heartbeat-only");
    }

    @Test
    void twoClaimsOnOneDeviceAreRefused() throws IOException {
        MemoryDevice device = MemoryDevice.of(LARGE_BLOCKS, BYTES);
        device.put(0, new RegionHeader(RawRegion.layout(new RegionId("A".repeat(32)), 512)).encode());

        assertThatThrownBy(() -> RegionProbe.probe(device, 512))
                .isInstanceOf(UnusableRegion.class)
                .hasMessageContaining("both");
    }

    @ParameterizedTest
    @ValueSource(strings = {LARGE_BLOCKS, SMALL_BLOCKS, HEARTBEAT_ONLY})
    void damagedMetadataIsRefusedOrHasAWholeHeartbeatFile(String fixture) throws IOException {
        int unusable = 0;
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            MemoryDevice device = MemoryDevice.of(fixture, BYTES);
            for (int i = 0; i < 200; i++) {
                int at = 1024 + random.nextInt(600 << 10);
                if (device.content().get(at) != 0 || random.nextInt(50) == 0) {
                    device.content().put(at, (byte) random.nextInt());
                }
            }
            for (int at : new int[] {8192 + 0xF0, 2048 + 0xF0, 1024 + 0xF0}) {
                if (random.nextInt(3) == 0) {
                    device.content().put(at, (byte) random.nextInt());
                }
            }
            try {
                Ocfs2Volume.find(device)
                        .ifPresent(volume ->
                                assertThat(volume.heartbeatBytes()).isGreaterThanOrEqualTo(255L * volume.blockBytes()));
            } catch (IOException e) {
                unusable++;
            }
        }
        assertThat(unusable).isPositive();
    }
}
