// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks at devices without waiting for one that hangs (a multipath device without a path keeps its readers for ever).
 * Each look has a thread of its own. One that takes longer than the deadline is given up, and the device is not looked
 * at again before it is over. Any thread.
 */
public final class DeviceProbes {
    private final Duration deadline;
    private final Map<Path, Thread> hanging = new ConcurrentHashMap<>();

    /**
     * Reads a device.
     *
     * @param <T> what is found on it
     */
    @FunctionalInterface
    public interface Look<T> {
        /**
         * {@return what is found}
         *
         * @throws IOException if it cannot be read
         */
        T at(Path device) throws IOException;
    }

    /**
     * @param deadline how long a look may take
     */
    public DeviceProbes(Duration deadline) {
        this.deadline = deadline;
    }

    /**
     * {@return what {@code look} finds}
     *
     * @throws IOException if it cannot be read, or does not answer in time
     */
    public <T> T look(Path device, Look<T> look) throws IOException {
        Thread before = hanging.get(device);
        if (before != null && before.isAlive()) {
            throw new IOException(device + " still does not answer");
        }
        FutureTask<T> task = new FutureTask<>(() -> look.at(device));
        Thread thread = new Thread(task, "lockstep-device-" + device.getFileName());
        thread.setDaemon(true);
        thread.start();
        try {
            T found = task.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
            hanging.remove(device);
            return found;
        } catch (TimeoutException e) {
            hanging.put(device, thread);
            throw new IOException(device + " does not answer within " + deadline.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            hanging.remove(device);
            if (e.getCause() instanceof IOException cannot) {
                throw cannot;
            }
            throw new IOException(device + " cannot be looked at: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(device + " was not looked at: this agent ends", e);
        }
    }
}
