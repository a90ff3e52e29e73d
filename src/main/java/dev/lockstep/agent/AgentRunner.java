// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.config.Settings;
import java.io.IOException;

/** Runs the node agent on the calling thread until it is told to stop. */
@FunctionalInterface
public interface AgentRunner {

    /**
     * Runs.
     *
     * @param settings checked settings
     * @param dryRun print what would be changed and touch nothing
     * @return the process's exit status, after sysexits(3)
     * @throws IOException if the agent cannot start or go on; becomes exit status 74, or what its type says
     */
    int run(Settings settings, boolean dryRun) throws IOException;
}
