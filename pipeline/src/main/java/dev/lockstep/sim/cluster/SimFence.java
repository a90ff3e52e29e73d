// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.Fence;

/**
 * How a simulated node goes down by order: itself by a reset, others by a power switch, which now and then fails,
 * before or after it has done what it was told.
 */
final class SimFence implements Fence {
    private static final int FAILS_PERCENT = 30;

    private final SimCluster cluster;
    private final SimNode node;

    SimFence(SimCluster cluster, SimNode node) {
        this.cluster = cluster;
        this.node = node;
    }

    @Override
    public Outcome resetSelf(String why) {
        node.reset(why);
        return Outcome.Done.DONE; // nobody hears it
    }

    @Override
    public Outcome.Exited fence(Mutation.FenceNode order) {
        cluster.say(node.number(), order.text());
        if (cluster.chance(FAILS_PERCENT)) {
            return new Outcome.Exited(1, "no answer");
        }
        cluster.switchOff(order.node());
        return cluster.chance(FAILS_PERCENT)
                ? new Outcome.Exited(2, "switched, no answer")
                : new Outcome.Exited(0, "off");
    }
}
