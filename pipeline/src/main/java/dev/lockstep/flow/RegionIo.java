// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Calls on one region's device from one thread of its own. A call that fails is told as evidence, the device is opened
 * anew and the call made again after a pause that doubles, for ever; a call that hangs holds up only this thread.
 */
final class RegionIo {
    private static final Logger LOG = LoggerFactory.getLogger(RegionIo.class);

    private final RegionId region;
    private final RegionHandle handle;
    private final Scheduler thread;
    private final FlowContext context;
    private final Duration longestPause;

    /**
     * @param pace how often the region is used when all is well: a disk that works again is noticed as soon, since
     *     whoever looks again late counts somebody's silence late
     */
    RegionIo(RegionId region, RegionHandle handle, Scheduler thread, FlowContext context, Duration pace) {
        this.region = region;
        this.handle = handle;
        this.thread = thread;
        this.context = context;
        FlowSettings settings = context.settings();
        Duration atMost = pace.compareTo(settings.retryAtMost()) < 0 ? pace : settings.retryAtMost();
        longestPause = atMost.compareTo(settings.retryAtLeast()) < 0 ? settings.retryAtLeast() : atMost;
    }

    /** {@return the call's result; failures are retried, anything but an IOException ends with that error} */
    <T> Mono<T> untilDone(String what, RegionHandle.Call<T> call) {
        return retried(what, once(call));
    }

    /** {@return the call's result or its IOException} */
    <T> Mono<T> once(RegionHandle.Call<T> call) {
        return Blocking.call(thread, () -> handle.call(call));
    }

    /** {@return {@code attempts} subscribed again after each IOException, on the core's thread} */
    <T> Mono<T> retried(String what, Mono<T> attempts) {
        // What nearly always succeeds goes without the machinery of a retry, which is made with the first failure.
        return attempts.onErrorResume(IOException.class, failure -> {
            AtomicBoolean failedOnce = new AtomicBoolean();
            return Mono.defer(() -> failedOnce.compareAndSet(false, true) ? Mono.error(failure) : attempts)
                    .retryWhen(forEver(what));
        });
    }

    private Retry forEver(String what) {
        return Retry.backoff(Long.MAX_VALUE, context.settings().retryAtLeast())
                .maxBackoff(longestPause)
                .jitter(0)
                .scheduler(context.core())
                .filter(IOException.class::isInstance)
                .doBeforeRetry(signal -> failed(what, signal.totalRetries(), signal.failure()));
    }

    private void failed(String what, long attempt, Throwable failure) {
        if (attempt == 0) {
            LOG.warn("region {}: {} failed, trying again: {}", region, what, failure.getMessage());
        }
        context.inbox()
                .put(new Evidence.RegionFailing(context.clock().nowNs(), region, what + ": " + failure.getMessage()));
    }

    /**
     * Closes the device once what runs on the thread has ended.
     *
     * @param ended run then, on that thread
     */
    void close(Runnable ended) {
        Blocking.call(thread, () -> {
                    handle.close();
                    return true;
                })
                .doFinally(any -> ended.run())
                .subscribe(closed -> {}, failure -> LOG.warn("region {}: close failed", region, failure));
    }
}
