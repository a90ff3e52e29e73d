// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.runtime;

import dev.lockstep.nativeio.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One agent per node: an exclusive lock on {@code agent.lock} in the runtime directory, taken before anything is read
 * and held for life. It frees only when the last thread of the process is gone, one that hangs in the kernel included,
 * so no late kernel write of a predecessor can land after our reading.
 */
public final class AgentLock implements AutoCloseable {
    private final LockFile lock;

    private AgentLock(LockFile lock) {
        this.lock = lock;
    }

    /**
     * Tries to take the lock, without waiting.
     *
     * @param runtimeDirectory made if it is not there
     * @return the lock, empty while another agent of this node holds it
     * @throws IOException if the directory or the file cannot be made or locked
     */
    public static Optional<AgentLock> tryAcquire(Path runtimeDirectory) throws IOException {
        Files.createDirectories(runtimeDirectory);
        return LockFile.tryLock(runtimeDirectory.resolve("agent.lock")).map(AgentLock::new);
    }

    @Override
    public void close() {
        lock.close();
    }
}
