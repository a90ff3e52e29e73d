// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.evidence.Evidence;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Reads the whole kernel where uevents were lost. A reading that fails is owed: it is made again after a pause that
 * doubles, until one succeeds, since no other reading takes an unknown lockspace for a create that waits. One that
 * succeeds settles all losses before it.
 *
 * <p>Each attempt has its place among the uevents, so that the core hears of nothing that came after it before it;
 * between attempts uevents pass.
 */
final class LostUevents {
    private static final Logger LOG = LoggerFactory.getLogger(LostUevents.class);

    private final Sinks.Many<Duration> pauses = Sinks.many().unicast().onBackpressureBuffer();
    private final Mono<Evidence> reading;
    private final FlowContext context;

    /** Before the next attempt, in a row while one is owed. Of the attempts, which come one at a time. */
    private final GrowingPause pause;

    /**
     * @param reading the whole kernel with the unanswered uevents, or its IOException
     */
    LostUevents(Mono<Evidence> reading, FlowContext context) {
        this.reading = reading;
        this.context = context;
        pause = new GrowingPause(context.settings());
    }

    /** {@return the kernel, read now; empty where that fails} */
    Mono<Evidence> read() {
        return reading.doOnNext(read -> settled()).onErrorResume(IOException.class, failure -> {
            failed(failure);
            return Mono.empty();
        });
    }

    /** {@return attempts that are owed, when they are due; one subscriber, which makes them one at a time} */
    Flux<Mono<Evidence>> owed() {
        Mono<Evidence> again = Mono.defer(() -> pause.inARow() ? read() : Mono.empty());
        return pauses.asFlux()
                .switchMap(after -> after.isZero()
                        ? Mono.<Mono<Evidence>>empty()
                        : Mono.delay(after, context.core()).map(due -> again));
    }

    private void settled() {
        if (pause.inARow()) {
            pause.reset();
            Emit.to(pauses, Duration.ZERO);
        }
    }

    private void failed(IOException failure) {
        LOG.warn("reading the kernel after lost uevents failed, trying again: {}", failure.getMessage());
        Emit.to(pauses, pause.next());
    }
}
