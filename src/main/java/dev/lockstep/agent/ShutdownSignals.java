// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** SIGTERM and SIGINT end the agent; SIGHUP is answered and changes nothing yet. */
final class ShutdownSignals {
    private static final Logger LOG = LoggerFactory.getLogger(ShutdownSignals.class);

    private final CountDownLatch stopped = new CountDownLatch(1);

    private ShutdownSignals() {}

    static ShutdownSignals install() {
        ShutdownSignals signals = new ShutdownSignals();
        Signal.handle(new Signal("TERM"), signal -> signals.stop());
        Signal.handle(new Signal("INT"), signal -> signals.stop());
        Signal.handle(
                new Signal("HUP"),
                signal -> LOG.warn("SIGHUP: settings are not read again, restart the agent instead"));
        return signals;
    }

    void stop() {
        stopped.countDown();
    }

    /** {@return whether the end came within this time} */
    boolean awaitAtMost(Duration time) {
        try {
            return stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
