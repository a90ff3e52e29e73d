// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.sim.SimDlmKernel;
import java.io.IOException;
import java.util.Optional;

/** The simulated kernel, which now and then refuses, or fails after it has done what it was told. */
final class FaultyKernel implements DlmKernel {
    private static final Outcome EBUSY = new Outcome.Failed("EBUSY", Outcome.ErrorClass.AGAIN_LATER, "simulated EBUSY");

    private final SimCluster cluster;
    private final SimNode node;
    private final SimDlmKernel kernel;

    FaultyKernel(SimCluster cluster, SimNode node) {
        this.cluster = cluster;
        this.node = node;
        kernel = node.kernel().kernel();
    }

    @Override
    public Outcome apply(Mutation mutation) {
        if (cluster.chance(node.refusesPercent())) {
            return EBUSY;
        }
        cluster.acted(node, mutation);
        Outcome outcome = kernel.apply(mutation);
        cluster.judge();
        // A stop and an answer are one write each, and end with it.
        boolean several = mutation instanceof Mutation.Start
                || mutation instanceof Mutation.ForgetMembers
                || mutation instanceof Mutation.OfNode;
        boolean late = several && outcome instanceof Outcome.Done && cluster.chance(node.refusesPercent());
        return late ? EBUSY : outcome;
    }

    @Override
    public Outcome answerUnusable(String directory, int result) {
        return kernel.answerUnusable(directory, result);
    }

    @Override
    public KernelSnapshot read(boolean withUnanswered) throws IOException {
        return kernel.read(withUnanswered);
    }

    @Override
    public Optional<KernelLockspace> read(LockspaceName name) throws IOException {
        return kernel.read(name);
    }
}
