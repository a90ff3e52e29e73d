// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernelfs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModprobeTest {
    @TempDir
    private Path sysModule;

    @Test
    void aModuleThatDoesNotComeIsUnavailable() {
        assertThatThrownBy(() -> new Modprobe("false", sysModule).load("dlm"))
                .isInstanceOf(ModuleUnavailable.class)
                .hasMessage("false dlm exited with 1");
    }

    @Test
    void aModuleThatIsThereIsNotAskedForAgain() throws IOException {
        Files.createDirectory(sysModule.resolve("dlm"));

        new Modprobe("false", sysModule).load("dlm");
    }

    /** In use or built in: no sign that the kernel lacks it. */
    @Test
    void aModuleThatDoesNotGoIsNot() {
        assertThatThrownBy(() -> new Modprobe("false", sysModule).unload("dlm"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("false -r dlm exited with 1");
    }
}
