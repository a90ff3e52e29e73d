// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.Optional;
import reactor.core.scheduler.Scheduler;

/** One scheduler in every role. */
record SharedScheduler(Scheduler all) implements FlowSchedulers {

    @Override
    public Scheduler core() {
        return all;
    }

    @Override
    public Scheduler watch() {
        return all;
    }

    @Override
    public Scheduler lasting() {
        return all;
    }

    @Override
    public Scheduler reads(RegionId region) {
        return all;
    }

    @Override
    public Scheduler writes(RegionId region) {
        return all;
    }

    @Override
    public Scheduler lane(Optional<LockspaceName> lockspace) {
        return all;
    }

    @Override
    public Scheduler fence(NodeNumber peer) {
        return all;
    }

    @Override
    public void release(Scheduler scheduler) {}

    @Override
    public void releaseAll() {}
}
