// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.port.UeventSource;
import dev.lockstep.uevent.UeventSignal;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.Retry.RetrySignal;

/**
 * The uevent source, opened again after each failure, for ever, after a pause that doubles. What a source that was
 * opened anew says first, that events were missed, is no sign that it works: it may fail at once again, and each such
 * word costs a reading of the whole kernel.
 */
final class ReopenedUevents {
    private static final Logger LOG = LoggerFactory.getLogger(ReopenedUevents.class);

    private final UeventSource source;
    private final FlowContext context;

    /** Of one session after the other, never of two at a time. */
    private final GrowingPause pause;

    ReopenedUevents(UeventSource source, FlowContext context) {
        this.source = source;
        this.context = context;
        pause = new GrowingPause(context.settings());
    }

    /** {@return the signals; one subscriber; emits on the source's thread, and ends only with an Error} */
    Flux<UeventSignal> signals() {
        return source.signals().doOnNext(this::heard).retryWhen(Retry.from(failed -> failed.concatMap(this::again, 0)));
    }

    private void heard(UeventSignal signal) {
        if (!(signal instanceof UeventSignal.Overflow)) {
            pause.reset();
        }
    }

    private Mono<Long> again(RetrySignal failed) {
        Throwable failure = failed.failure();
        if (!(failure instanceof Exception)) {
            return Mono.error(failure);
        }
        if (!pause.inARow()) {
            warn(failure);
        }
        return Mono.delay(pause.next(), context.core());
    }

    private static void warn(Throwable failure) {
        if (failure instanceof IOException) {
            LOG.warn("uevents cannot be read, trying again: {}", failure.getMessage());
        } else {
            LOG.warn("uevents cannot be read, trying again", failure);
        }
    }
}
