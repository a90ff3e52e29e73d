// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.flow.Complaint;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Starts the kernel's heartbeat in one region, again after a pause that doubles until it beats: a path that fails for a
 * moment at boot must not cost the region. Blocks; one thread.
 */
final class HeartbeatStart {
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Attempt attempt;
    private final Clearance clearance;
    private final Predicate<Duration> pauses;
    private final Consumer<String> failed;

    /** One start. */
    interface Attempt {
        /**
         * Starts.
         *
         * @throws IOException if the kernel refuses
         */
        void start() throws IOException;
    }

    /** Asked before each start but the first, which comes when that was just looked at. */
    interface Clearance {
        /**
         * {@return why it cannot be told whether the number is free; empty if it is}
         *
         * @throws NumberInUse if another machine has this node's number
         */
        Optional<String> whyNot() throws NumberInUse;
    }

    /**
     * @param pauses waits; whether to go on after it
     * @param failed told why, when it is another reason than before
     */
    HeartbeatStart(Attempt attempt, Clearance clearance, Predicate<Duration> pauses, Consumer<String> failed) {
        this.attempt = attempt;
        this.clearance = clearance;
        this.pauses = pauses;
        this.failed = failed;
    }

    /**
     * {@return whether it beats; otherwise it was told to end}
     *
     * @throws NumberInUse if another machine has this node's number meanwhile
     */
    boolean untilItBeats() throws NumberInUse {
        Duration pause = FIRST_PAUSE;
        Complaint complaint = new Complaint();
        Optional<String> trouble = trouble();
        while (trouble.isPresent()) {
            if (complaint.isNews(trouble.get())) {
                failed.accept(trouble.get());
            }
            if (!pauses.test(pause)) {
                return false;
            }
            pause = after(pause);
            trouble = clearance.whyNot();
            if (trouble.isEmpty()) {
                trouble = trouble();
            }
        }
        return true;
    }

    /** {@return the pause that follows this one} */
    static Duration after(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private Optional<String> trouble() {
        try {
            attempt.start();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
