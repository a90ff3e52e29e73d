// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import java.io.IOException;
import java.util.Optional;

/**
 * fs/dlm as this node can drive it. Calls block. Mutations of one lockspace come one at a time, those of different
 * lockspaces in parallel; reads may come at any time beside them and never wait for them.
 */
public interface DlmKernel {

    /**
     * Executes one mutation.
     *
     * @return how it ended; kernel errors are outcomes, not exceptions
     */
    Outcome apply(Mutation mutation);

    /**
     * Answers the uevent of a lockspace that cannot be served, see {@link dev.lockstep.uevent.UeventSignal.Unusable}.
     *
     * @param directory the lockspace's directory in sysfs
     * @param result 0, or a negative errno for a create
     * @return how it ended
     */
    Outcome answerUnusable(String directory, int result);

    /**
     * Reads everything.
     *
     * @param withUnanswered also decide which uevents are unanswered (reads every task's stack)
     * @throws IOException if the kernel's files cannot be read, or do not tell yet for what a task waits
     */
    KernelSnapshot read(boolean withUnanswered) throws IOException;

    /**
     * Reads one lockspace.
     *
     * @return the lockspace, empty if the kernel has none of that name
     * @throws IOException if its files cannot be read
     */
    Optional<KernelLockspace> read(LockspaceName name) throws IOException;
}
