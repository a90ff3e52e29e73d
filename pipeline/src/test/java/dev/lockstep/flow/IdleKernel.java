// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.DlmKernel;
import java.io.IOException;
import java.util.Optional;

/** A kernel without lockspaces that takes every order and does nothing. */
class IdleKernel implements DlmKernel {
    @Override
    public Outcome apply(Mutation mutation) {
        return Outcome.Done.DONE;
    }

    @Override
    public Outcome answerUnusable(String directory, int result) {
        return Outcome.Done.DONE;
    }

    @Override
    public KernelSnapshot read(boolean withUnanswered) {
        return KernelSnapshot.empty();
    }

    @Override
    public Optional<KernelLockspace> read(LockspaceName name) throws IOException {
        return Optional.empty();
    }
}
