// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import java.io.IOException;
import java.io.PrintWriter;

/** Runs the demonstration: a cluster in this process, on region files, with a simulated kernel. */
@FunctionalInterface
public interface DemoRunner {

    /**
     * Runs to its end.
     *
     * @param keep go on until the process is told to end, and say where the region files are
     * @param out takes what a person should see
     * @return the process's exit status, after sysexits(3)
     * @throws IOException if its files cannot be made; becomes exit status 74
     */
    int run(boolean keep, PrintWriter out) throws IOException;
}
