// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.RegionId;
import dev.lockstep.nativeio.DirectFile.Caching;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** A machine's block devices, as files: its /sys/class/block and /dev in a folder. */
public final class VolumeTree {
    /** The UUID of the volume that {@link #volume} makes. */
    public static final RegionId UUID = new RegionId("AD272840423641F0A2A7774D00CB48C6");

    private static final int BYTES = 4 << 20;
    private static final DeviceProbes PROBES = new DeviceProbes(Duration.ofMinutes(1));

    private final Path sysBlock;
    private final Path dev;

    /** Makes the tree in {@code folder}. */
    public VolumeTree(Path folder) throws IOException {
        sysBlock = Files.createDirectories(folder.resolve("sys"));
        dev = Files.createDirectories(folder.resolve("dev"));
    }

    /** {@return a search in it} */
    public VolumeSearch search() {
        return new VolumeSearch(sysBlock, dev, Caching.BUFFERED, PROBES);
    }

    /** {@return a search in it that finds the device gone when it looks what is built on it} */
    VolumeSearch searchThatLoses(String name) {
        return new VolumeSearch(sysBlock, dev, Caching.BUFFERED, PROBES, directory -> {
            if (directory.equals(sysBlock.resolve(name).resolve("holders"))) {
                throw new NoSuchFileException(directory.toString());
            }
            try (Stream<Path> entries = Files.list(directory)) {
                return entries.toList();
            }
        });
    }

    /** {@return a new device with that name, which carries nothing} */
    public Path device(String name) throws IOException {
        Files.createDirectories(sysBlock.resolve(name).resolve("holders"));
        Path device = dev.resolve(name.replace('!', '/'));
        Files.createDirectories(device.getParent());
        return Files.write(device, new byte[BYTES]);
    }

    /** {@return a new device with an OCFS2 volume, without a board} */
    public Path volume(String name) throws IOException {
        byte[] content = new byte[BYTES];
        MemoryDevice.of("ocfs2-4k.txt", BYTES).content().get(0, content);
        return Files.write(device(name), content);
    }

    /** {@return a new device with an OCFS2 volume and a board in it} */
    public Path volumeWithBoard(String name) throws IOException {
        Path device = volume(name);
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        assertThat(RegionFormat.run(
                        nowhere, nowhere, new RegionFormat.Request(device, Optional.empty(), 0, Caching.BUFFERED)))
                .isZero();
        return device;
    }

    /** From now on one device is built on another. */
    public void stack(String above, String below) throws IOException {
        Files.createDirectories(sysBlock.resolve(below).resolve("holders").resolve(above));
    }
}
