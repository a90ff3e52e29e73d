// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.port.RegionDeviceContract;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A region in an OCFS2 volume, with a board in the heartbeat file's spare area; copies of 2048 bytes. */
final class Ocfs2RegionDeviceTest implements RegionDeviceContract {
    private static final int BYTES = 4 << 20;
    private static final int HEARTBEAT = 1118208;

    @TempDir
    Path folder;

    private Path path;
    private Caching caching;
    private byte[] before;

    @BeforeEach
    void formatABoard() throws IOException {
        path = folder.resolve("volume");
        caching = Trial.caching(folder);
        before = new byte[BYTES];
        MemoryDevice.of("ocfs2-4k.txt", BYTES).content().get(0, before);
        Files.write(path, before);
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        assertThat(RegionFormat.run(nowhere, nowhere, new RegionFormat.Request(path, Optional.empty(), 0, caching)))
                .isZero();
    }

    @Override
    public RegionDevice open() throws IOException {
        return DirectRegionDevice.open(path, Access.READ_WRITE, caching);
    }

    @Test
    void formattingTouchesTheSpareAreaOnly() throws IOException {
        byte[] after = Files.readAllBytes(path);

        assertThat(Arrays.mismatch(before, after)).isEqualTo(HEARTBEAT + (128 << 10));
        int end = HEARTBEAT + (1 << 20);
        assertThat(Arrays.compare(before, end, BYTES, after, end, BYTES)).isZero();
    }
}
