// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A wait between two looks, where nothing tells when to look again. */
final class Pause {

    private Pause() {}

    static void ofMillis(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    static void of(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }

    /** {@return whether the end came before the pause was over, an interrupt being one, too} */
    static boolean endsWithin(CountDownLatch end, Duration pause) {
        try {
            return end.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
