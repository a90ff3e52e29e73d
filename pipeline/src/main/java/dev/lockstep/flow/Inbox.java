// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.evidence.Evidence;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Where results become evidence again. Any thread puts; the core's thread alone emits, in the order put. Unbounded:
 * what comes back is bounded by what was sent out.
 */
final class Inbox {
    private final Sinks.Many<Evidence> sink = Sinks.many().unicast().onBackpressureBuffer();
    private final Scheduler core;

    Inbox(Scheduler core) {
        this.core = core;
    }

    void put(Evidence evidence) {
        try {
            core.schedule(() -> Emit.to(sink, evidence));
        } catch (RejectedExecutionException e) {
            // The pipeline has ended: there is no state left for this to matter to.
        }
    }

    Flux<Evidence> evidence() {
        return sink.asFlux();
    }
}
