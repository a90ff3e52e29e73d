// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.testing.BufferPools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelFileTest {
    @TempDir
    Path folder;

    @Test
    void writesOneValueWithoutTruncatingOrAppending() throws IOException {
        Path path = Files.writeString(folder.resolve("control"), "abc");

        KernelFile.write(path.toString(), "1");

        assertThat(path).hasContent("1bc");
    }

    @Test
    void anEmptyValueIsAWriteOfNothing() throws IOException {
        Path path = Files.writeString(folder.resolve("control"), "abc");

        KernelFile.write(path.toString(), "");

        assertThat(path).hasContent("abc");
    }

    @Test
    void takesNoNewMemoryOutsideTheHeapForEachCall() throws IOException {
        String path = Files.writeString(folder.resolve("control"), "1").toString();
        KernelFile.write(path, KernelFile.read(path, 1));
        long before = BufferPools.directBytes();

        for (int calls = 0; calls < 200; calls++) {
            KernelFile.write(path, KernelFile.read(path, 1));
        }

        assertThat(BufferPools.directBytes() - before).isLessThan(100 * 4096);
    }

    @Test
    void aValueLongerThanItsMemoryIsWrittenWhole() throws IOException {
        Path path = Files.writeString(folder.resolve("control"), "");
        String value = "x".repeat(10_000);

        KernelFile.write(path.toString(), value);

        assertThat(path).hasContent(value);
    }

    @Test
    void readsTheWholeTextAndNoMoreThanAllowed() throws IOException {
        Path path = Files.writeString(folder.resolve("nodes"), "1 2 3 \n");

        assertThat(KernelFile.read(path.toString(), 7)).isEqualTo("1 2 3 \n");
        assertThatThrownBy(() -> KernelFile.read(path.toString(), 6))
                .isInstanceOf(NativeFailure.class)
                .hasMessageEndingWith("EFBIG");
    }

    @Test
    void readsProcFilesWhoseSizeIsZero() throws IOException {
        assertThat(KernelFile.read("/proc/sys/kernel/random/boot_id", 64))
                .hasSize(37)
                .endsWith("\n");
    }

    @Test
    void aMissingFileIsNotMade() {
        Path missing = folder.resolve("missing");

        assertThatThrownBy(() -> KernelFile.write(missing.toString(), "1"))
                .isInstanceOfSatisfying(
                        NativeFailure.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        assertThat(missing).doesNotExist();
    }

    @Test
    void namesOfAnyBytesAreDirectories() throws IOException {
        String path = folder + "/caf\u00e9\u0001";

        KernelFile.makeDirectory(path);
        assertThatThrownBy(() -> KernelFile.makeDirectory(path))
                .isInstanceOfSatisfying(
                        NativeFailure.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        KernelFile.removeDirectory(path);

        assertThatThrownBy(() -> KernelFile.removeDirectory(path)).hasMessageEndingWith("ENOENT");
    }

    @Test
    void aPathWithNulIsRefused() {
        assertThatThrownBy(() -> KernelFile.read("/proc\0/x", 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
