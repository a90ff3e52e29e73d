// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.runtime;

import dev.lockstep.domain.BootId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where this boot's id comes from (random(4)). */
public final class BootIdSource {
    /** The kernel's file. */
    public static final Path KERNEL = Path.of("/proc/sys/kernel/random/boot_id");

    private BootIdSource() {}

    /**
     * Reads the boot id.
     *
     * @param file {@link #KERNEL}
     * @throws IOException if it cannot be read or holds none
     */
    public static BootId read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
        try {
            return BootId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("read " + file + ": '" + text + "' is no boot id", e);
        }
    }
}
