// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.port.WakeUps;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** One node's end of a {@link SimNetwork}. */
public final class SimWakeUps implements WakeUps {
    // A wake-up that finds nobody listening, or no demand, is lost, as on a real network.
    private final Sinks.Many<WakeUp> received = Sinks.many().multicast().directBestEffort();
    private final SimNetwork network;
    private final NodeNumber node;
    private final Scheduler thread;

    SimWakeUps(SimNetwork network, NodeNumber node, Scheduler thread) {
        this.network = network;
        this.node = node;
        this.thread = thread;
    }

    @Override
    public Flux<WakeUp> received() {
        return received.asFlux();
    }

    @Override
    public void send(WakeUp wakeUp) {
        network.send(node, wakeUp);
    }

    void deliver(WakeUp wakeUp) {
        try {
            thread.schedule(() -> received.tryEmitNext(wakeUp));
        } catch (RejectedExecutionException e) {
            // The agent that listened has ended.
        }
    }
}
