// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernelfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeKernelTreeTest {
    private final NativeKernelTree tree = new NativeKernelTree();

    @TempDir
    Path root;

    @Test
    void namesKeepEveryByte() throws NativeFailure {
        String name = "a b%\n\u00fc\u0001\u00ff";

        assertThat(tree.makeDirectory(root + "/" + name)).isTrue();
        assertThat(tree.makeDirectory(root + "/" + name)).isFalse();
        assertThat(tree.makeDirectory(root + "/" + name + "/x")).isTrue();
        assertThat(tree.directories(root.toString())).containsExactly(name);
        assertThat(tree.directories(root + "/" + name)).containsExactly("x");
        assertThat(tree.removeDirectory(root + "/" + name + "/x")).isTrue();
        assertThat(tree.removeDirectory(root + "/" + name)).isTrue();
        assertThat(tree.removeDirectory(root + "/" + name)).isFalse();
    }

    @Test
    void listsDirectoriesOnly() throws IOException {
        Files.writeString(root.resolve("file"), "");
        Files.createDirectory(root.resolve("directory"));

        assertThat(tree.directories(root.toString())).containsExactly("directory");
    }

    @Test
    void writesNeverMakeAFile() {
        assertThatThrownBy(() -> tree.write(root + "/none", KernelValue.of(1)))
                .isInstanceOfSatisfying(
                        NativeFailure.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        assertThat(root.resolve("none")).doesNotExist();
        assertThatThrownBy(() -> tree.directories(root + "/none")).isInstanceOf(NativeFailure.class);
    }

    @Test
    void readsValuesStrictly() throws IOException {
        Path file = Files.writeString(root.resolve("v"), "4294967295\n", StandardCharsets.US_ASCII);

        KernelValue value = KernelValue.read(tree, file.toString());

        assertThat(value.unsigned()).isEqualTo(-1);
        assertThatThrownBy(value::signed).hasMessageContaining(file.toString()).hasMessageContaining("4294967295");
        assertThat(new KernelValue("f", "ff").hex()).isEqualTo(0xff);
        assertThatThrownBy(() -> new KernelValue("f", "").unsigned()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new KernelValue("f", "1 ").unsignedLong()).isInstanceOf(IOException.class);
    }
}
