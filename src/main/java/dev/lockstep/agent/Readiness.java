// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.flow.Complaint;
import dev.lockstep.kernelfs.NotReady;
import dev.lockstep.port.BootClock;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for what a booting machine brings later than this agent, such as its address. A try a second as a start of its
 * own would soon be one too many for systemd. The wait has an end, since what is ordered behind the agent waits, too,
 * mounts and logins among them: then the agent ends, and its successor goes on with it. Blocks; one thread.
 */
final class Readiness {
    static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    /** As long as systemd by default waits for a device; its limit of 20 starts in 10 min is far then. */
    static final Duration LONGEST = Duration.ofSeconds(90);

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    private final BootClock clock;
    private final Consumer<Duration> pause;
    private final Consumer<String> waitsFor;

    /**
     * What is tried.
     *
     * @param <T> what it gives
     */
    interface Step<T> {
        /**
         * {@return what it gives}
         *
         * @throws NotReady if it may work later
         * @throws IOException if it fails
         * @throws NumberInUse if another machine has this node's number
         */
        T make() throws IOException, NumberInUse;
    }

    /**
     * @param clock tells how long was waited
     * @param pause waits
     * @param waitsFor told what is waited for, at each try
     */
    Readiness(BootClock clock, Consumer<Duration> pause, Consumer<String> waitsFor) {
        this.clock = clock;
        this.pause = pause;
        this.waitsFor = waitsFor;
    }

    /**
     * {@return what the step gives once everything is there for it}
     *
     * @throws NotReady if it takes too long
     * @throws IOException if the step fails
     * @throws NumberInUse from the step
     */
    <T> T await(Step<T> step) throws IOException, NumberInUse {
        Complaint complaint = new Complaint();
        long startedNs = clock.nowNs();
        while (true) {
            try {
                return step.make();
            } catch (NotReady e) {
                if (clock.nowNs() - startedNs >= LONGEST.toNanos()) {
                    throw e;
                }
                String missing = String.valueOf(e.getMessage());
                if (complaint.isNews(missing)) {
                    LOG.warn("{}; waiting for it", missing);
                }
                waitsFor.accept(missing);
                pause.accept(BETWEEN_TRIES);
            }
        }
    }
}
