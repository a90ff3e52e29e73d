// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.config.Settings;
import dev.lockstep.fence.FenceRun;
import dev.lockstep.fence.SelfReset;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.Fence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code fence = command}: this node resets itself, and others by the administrator's command. */
final class CommandFence implements Fence {
    private static final Logger LOG = LoggerFactory.getLogger(CommandFence.class);

    private final SelfReset reset;
    private final FenceRun command;

    CommandFence(Settings settings, SelfReset reset) {
        this.reset = reset;
        command = new FenceRun(
                settings.fenceCommand().line(),
                settings.fenceCommand().timeout(),
                settings.clusterName(),
                AgentFacts.fencePeers(settings));
    }

    @Override
    public Outcome resetSelf(String why) {
        return bySelf(reset, why);
    }

    /** Whoever reads the outcome is not reset yet. */
    static Outcome bySelf(SelfReset reset, String why) {
        Outcome outcome = reset.reset(new Mutation.ResetNode(why));
        LOG.error("reset: {}", outcome);
        return outcome;
    }

    @Override
    public Outcome.Exited fence(Mutation.FenceNode order) {
        return command.fence(order);
    }
}
