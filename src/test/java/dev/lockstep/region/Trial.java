// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.nativeio.DirectFile;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a temporary directory allows. */
final class Trial {
    private Trial() {}

    /** {@return DIRECT, or BUFFERED where the file system (tmpfs) has no O_DIRECT} */
    static Caching caching(Path folder) throws IOException {
        Path probe = Files.createTempFile(folder, "probe", "");
        try {
            DirectFile.open(probe, Access.READ, Caching.DIRECT).close();
            return Caching.DIRECT;
        } catch (NativeFailure e) {
            return Caching.BUFFERED;
        } finally {
            Files.delete(probe);
        }
    }
}
