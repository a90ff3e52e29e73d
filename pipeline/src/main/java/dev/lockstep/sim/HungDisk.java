// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;

/** Transfers hang until {@link #release}, and then complete, as they do when a cut path to a disk comes back. */
public final class HungDisk implements DiskFault {
    private final CountDownLatch struck = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public void strike(String operation) throws IOException {
        struck.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(operation + " simulated disk: interrupted while it hung");
        }
    }

    /** Waits until a transfer hangs. */
    public void awaitStruck() throws InterruptedException {
        struck.await();
    }

    /** Lets all transfers go on, those to come as well. */
    public void release() {
        released.countDown();
    }
}
