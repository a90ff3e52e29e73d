// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.port.UeventSource;
import dev.lockstep.uevent.UeventSignal;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** A simulated uevent socket, open from its creation on. Its queue is unbounded; losses come on demand. */
public final class SimUeventSource implements UeventSource {
    private final Sinks.Many<UeventSignal> signals = Sinks.many().unicast().onBackpressureBuffer();
    private final Scheduler thread;
    private final Consumer<SimUeventSource> onClose;
    private int toLose;

    SimUeventSource(Scheduler thread, Consumer<SimUeventSource> onClose) {
        this.thread = thread;
        this.onClose = onClose;
    }

    /** Loses the next uevents, and says so at each, as ENOBUFS does. */
    public synchronized void loseNext(int count) {
        toLose = count;
    }

    synchronized void offer(UeventSignal signal) {
        if (toLose > 0) {
            toLose--;
            emit(new UeventSignal.Overflow("simulated"));
            return;
        }
        emit(signal);
    }

    private void emit(UeventSignal signal) {
        try {
            thread.schedule(() -> signals.tryEmitNext(signal));
        } catch (RejectedExecutionException e) {
            // The agent that listened has ended.
        }
    }

    @Override
    public Flux<UeventSignal> signals() {
        return signals.asFlux();
    }

    @Override
    public void close() {
        onClose.accept(this);
    }
}
