// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.plock;

import dev.lockstep.nativeio.NativeFailure;
import dev.lockstep.nativeio.PolledDevice;
import dev.lockstep.nativeio.ThreadEnd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the device dlm_plock until Lockstep has cluster-wide POSIX locks: every operation is refused with ENOSYS. With
 * nobody there, a caller of fcntl(F_SETLK) on OCFS2 or GFS2 would sleep for ever.
 *
 * <p>Works on a daemon thread of its own, named {@code lockstep-plock}, until closed. An open device keeps the module
 * dlm loaded.
 */
public final class PlockResponder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PlockResponder.class);

    private static final int ENOENT = -2;
    private static final int ENOSYS = -38;

    /** Ids come from the kernel, yet memory must not grow without bound. */
    private static final int MAX_TOLD = 1024;

    private final PolledDevice device;
    private final IntFunction<Optional<String>> lockspaceName;
    private final Thread thread;
    private final Set<Integer> told = new HashSet<>();
    private volatile boolean closed;

    private PlockResponder(PolledDevice device, IntFunction<Optional<String>> lockspaceName) {
        this.device = device;
        this.lockspaceName = lockspaceName;
        this.thread = new Thread(this::run, "lockstep-plock");
        this.thread.setDaemon(true);
    }

    /**
     * Opens the first of the paths that exists and begins to answer.
     *
     * @param paths where the device may be, /dev/dlm_plock and /dev/misc/dlm_plock
     * @param lockspaceName the lockspace of a global id, for the log; called on the responder's thread
     * @throws NativeFailure if it cannot be opened; EBUSY and the like tell that another daemon serves it
     */
    public static PlockResponder start(List<Path> paths, IntFunction<Optional<String>> lockspaceName)
            throws NativeFailure {
        Path path = paths.stream().filter(Files::exists).findFirst().orElse(paths.get(0));
        return start(PolledDevice.open(path), lockspaceName);
    }

    /** Begins to answer on an open device, which it closes at its end. */
    static PlockResponder start(PolledDevice device, IntFunction<Optional<String>> lockspaceName) {
        PlockResponder responder = new PlockResponder(device, lockspaceName);
        responder.thread.start();
        return responder;
    }

    private void run() {
        try (device) {
            while (!closed) {
                Optional<byte[]> message = device.read(PlockOperation.BYTES, -1);
                if (message.isPresent()) {
                    answer(message.get());
                }
            }
        } catch (NativeFailure e) {
            if (!closed) {
                LOG.error("Record locks (fcntl) are answered no more, their callers hang: {}", e.getMessage());
            }
        }
    }

    private void answer(byte[] message) throws NativeFailure {
        PlockOperation operation;
        try {
            operation = PlockOperation.parse(message);
        } catch (IllegalArgumentException e) {
            LOG.warn("A record lock operation cannot be read, its caller hangs: {}", e.getMessage());
            return;
        }
        tellOnce(operation);
        if (operation.wantsAnswer()) {
            // A cancelled wait was answered before: nothing of that kind waits here.
            int result = operation.type() == PlockOperation.Type.CANCEL ? ENOENT : ENOSYS;
            device.write(PlockOperation.answer(message, result));
        }
    }

    private void tellOnce(PlockOperation operation) {
        if (operation.type() == PlockOperation.Type.LOCK && told.size() < MAX_TOLD && told.add(operation.fsid())) {
            LOG.warn(
                    "Process {} asked for a record lock (fcntl) in lockspace {}: refused with ENOSYS, as all will be;"
                            + " mount with localflocks for locks within one node",
                    Integer.toUnsignedString(operation.pid()),
                    lockspaceName
                            .apply(operation.fsid())
                            .orElseGet(() -> String.format(Locale.ROOT, "0x%08x", operation.fsid())));
        }
    }

    /** Stops answering, and waits until the thread is gone. */
    @Override
    public void close() {
        closed = true;
        device.wakeUp();
        ThreadEnd.await(thread);
    }
}
