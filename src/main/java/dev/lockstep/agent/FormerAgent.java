// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.runtime.AgentLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent that ran here before. Its lock is free only when the last thread of it is gone, so that no late write of it
 * lands after this one's reading. Nobody can ask at the control socket meanwhile, so the service manager is told.
 */
final class FormerAgent {
    private static final Logger LOG = LoggerFactory.getLogger(FormerAgent.class);

    private FormerAgent() {}

    /**
     * {@return the lock, once it is free}
     *
     * @param runtime the directory it is in
     * @param waitsFor told once what is waited for, if anything
     * @param pause waits before the next try
     * @throws IOException if there can be no lock
     */
    static AgentLock awaitEnd(Path runtime, Consumer<String> waitsFor, Runnable pause) throws IOException {
        Optional<AgentLock> lock = AgentLock.tryAcquire(runtime);
        if (lock.isEmpty()) {
            LOG.warn("Another agent of this node is alive, or a thread of it still inside the kernel;"
                    + " waiting for it to end");
            waitsFor.accept("the end of the agent before, which is alive or still inside the kernel");
        }
        while (lock.isEmpty()) {
            pause.run();
            lock = AgentLock.tryAcquire(runtime);
        }
        return lock.get();
    }
}
