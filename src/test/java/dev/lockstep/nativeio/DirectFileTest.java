// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.testing.Needs;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DirectFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Caching.class)
    void writesOneSectorAndLeavesItsNeighboursAlone(Caching caching) throws IOException {
        Path path = fileOf(16, caching);
        AlignedMemory memory = AlignedMemory.allocate(4096);
        for (int i = 0; i < 512; i++) {
            memory.buffer().put(512 + i, (byte) 7);
        }

        try (DirectFile file = DirectFile.open(path, Access.READ_WRITE, caching)) {
            file.pwrite(memory, 512, 512, 3 * 512);
        }

        byte[] content = Files.readAllBytes(path);
        assertThat(Arrays.copyOfRange(content, 3 * 512, 4 * 512)).containsOnly(7);
        assertThat(Arrays.copyOfRange(content, 0, 3 * 512)).containsOnly(1);
        assertThat(Arrays.copyOfRange(content, 4 * 512, content.length)).containsOnly(1);
    }

    @ParameterizedTest
    @EnumSource(Caching.class)
    void readsFromAnySectorToAnySector(Caching caching) throws IOException {
        Path path = fileOf(8, caching);
        byte[] content = new byte[8 * 512];
        IntStream.range(0, content.length).forEach(i -> content[i] = (byte) (i / 512));
        Files.write(path, content);
        AlignedMemory memory = AlignedMemory.allocate(4096);

        try (DirectFile file = DirectFile.open(path, Access.READ, caching)) {
            file.pread(memory, 1024, 1536, 512);
        }

        byte[] got = new byte[1536];
        memory.buffer().get(1024, got);
        assertThat(got).isEqualTo(Arrays.copyOfRange(content, 512, 2048));
        assertThat(memory.buffer().get(1023)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Caching.class)
    void aReadPastTheEndIsAnErrorThatNamesTheFile(Caching caching) throws IOException {
        Path path = fileOf(8, caching);
        AlignedMemory memory = AlignedMemory.allocate(4096);

        try (DirectFile file = DirectFile.open(path, Access.READ, caching)) {
            assertThatThrownBy(() -> file.pread(memory, 0, 4096, 512))
                    .isInstanceOf(EOFException.class)
                    .hasMessageContaining("pread 4096 at 512 " + path)
                    .hasMessageContaining("got 3584");
        }
    }

    @Test
    void aMissingFileIsNamedWithItsErrno() {
        Path missing = folder.resolve("missing");

        assertThatThrownBy(() -> DirectFile.open(missing, Access.READ, Caching.BUFFERED))
                .isInstanceOfSatisfying(NativeFailure.class, e -> {
                    assertThat(e.errno()).isEqualTo(Errno.ENOENT);
                    assertThat(e.path()).isEqualTo(missing.toString());
                    assertThat(e.operation()).isEqualTo("open");
                    assertThat(e).hasMessage("open " + missing + ": ENOENT");
                });
    }

    @Test
    void aMisalignedDirectTransferFailsWithItsErrno() throws IOException {
        Path path = fileOf(8, Caching.DIRECT);
        AlignedMemory memory = AlignedMemory.allocate(4096);

        try (DirectFile file = DirectFile.open(path, Access.READ, Caching.DIRECT)) {
            assertThatThrownBy(() -> file.pread(memory, 0, 100, 0))
                    .isInstanceOfSatisfying(
                            NativeFailure.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
        }
    }

    @Test
    void aClosedFileRefusesFurtherCalls() throws IOException {
        Path path = fileOf(8, Caching.BUFFERED);
        AlignedMemory memory = AlignedMemory.allocate(4096);
        DirectFile file = DirectFile.open(path, Access.READ, Caching.BUFFERED);
        file.close();
        file.close();

        assertThatThrownBy(() -> file.pread(memory, 0, 512, 0))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("closed");
    }

    @Test
    void writingAFileOpenedForReadingFails() throws IOException {
        Path path = fileOf(8, Caching.BUFFERED);
        AlignedMemory memory = AlignedMemory.allocate(4096);

        try (DirectFile file = DirectFile.open(path, Access.READ, Caching.BUFFERED)) {
            assertThatThrownBy(() -> file.pwrite(memory, 0, 512, 0))
                    .isInstanceOfSatisfying(
                            NativeFailure.class, e -> assertThat(e.errno()).isEqualTo(Errno.parse("EBADF")));
        }
    }

    @Test
    void aRegularFileIsNoBlockDevice() throws IOException {
        Path path = fileOf(8, Caching.BUFFERED);

        try (DirectFile file = DirectFile.open(path, Access.READ, Caching.BUFFERED)) {
            assertThat(file.logicalSectorBytes()).isEmpty();
            assertThat(file.deviceBytes()).isEmpty();
        }
    }

    @Test
    void everyDescriptorIsGivenBack() throws IOException {
        Path path = fileOf(8, Caching.BUFFERED);
        long before = openDescriptorsOf(path);
        try (DirectFile file = DirectFile.open(path, Access.READ_WRITE, Caching.BUFFERED)) {
            assertThat(openDescriptorsOf(path)).isEqualTo(before + 1);
            file.sync();
        }

        assertThat(openDescriptorsOf(path)).isEqualTo(before);
    }

    private static long openDescriptorsOf(Path path) throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(fd -> {
                        try {
                            return Files.readSymbolicLink(fd).equals(path);
                        } catch (IOException e) {
                            return false; // closed since it was listed
                        }
                    })
                    .count();
        }
    }

    /** A file full of ones, on a file system that can do what the test needs. */
    private Path fileOf(int sectors, Caching caching) throws IOException {
        byte[] ones = new byte[sectors * 512];
        Arrays.fill(ones, (byte) 1);
        Path path = Files.write(folder.resolve("device"), ones).toRealPath();
        if (caching == Caching.DIRECT) {
            try {
                DirectFile.open(path, Access.READ, caching).close();
            } catch (NativeFailure e) {
                Needs.of(!e.errno().equals(Errno.EINVAL), "a temporary folder with O_DIRECT");
                throw e;
            }
        }
        return path;
    }
}
