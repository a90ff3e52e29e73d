// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.links;

import dev.lockstep.domain.NodeNumber;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes each peer's address once a period: ICMP echo, as root may send it; others try TCP port 7, whose refusal is an
 * answer, too. Never the lock manager's port: the kernel would take the caller for a peer.
 *
 * <p>A few threads of its own share the peers; with many that do not answer, a round takes longer than a period.
 * Nothing is lost by that but time.
 */
public final class LinkProbes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkProbes.class);

    private static final int MOST_THREADS = 4;

    private final ScheduledThreadPoolExecutor threads;

    /** Asks one machine. */
    @FunctionalInterface
    interface Echo {
        /** {@return whether it answered in time} */
        boolean answers(InetAddress address, int timeoutMs) throws IOException;
    }

    /** Takes what the probes find. */
    @FunctionalInterface
    public interface Listener {
        /** A probe has ended; on one of the probes' threads, not to be blocked. */
        void probed(NodeNumber peer, boolean answered);
    }

    private LinkProbes(int threadCount) {
        AtomicInteger numbers = new AtomicInteger();
        threads = new ScheduledThreadPoolExecutor(threadCount, task -> {
            Thread thread = new Thread(task, "lockstep-link-" + numbers.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Begins to probe.
     *
     * @param peers whom; none: nothing happens
     * @param period between two probes of one peer; half of it is the time to answer
     * @param listener told of each
     */
    public static LinkProbes start(Map<NodeNumber, InetAddress> peers, Duration period, Listener listener) {
        return start(peers, period, listener, InetAddress::isReachable);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // each goes on until close() ends its thread
    static LinkProbes start(Map<NodeNumber, InetAddress> peers, Duration period, Listener listener, Echo echo) {
        LinkProbes probes = new LinkProbes(Math.max(1, Math.min(MOST_THREADS, peers.size())));
        int timeoutMs = (int) Math.max(1, period.toMillis() / 2);
        peers.forEach((peer, address) -> probes.threads.scheduleWithFixedDelay(
                () -> listener.probed(peer, answers(echo, address, timeoutMs)),
                0,
                period.toMillis(),
                TimeUnit.MILLISECONDS));
        return probes;
    }

    private static boolean answers(Echo echo, InetAddress address, int timeoutMs) {
        try {
            return echo.answers(address, timeoutMs);
        } catch (IOException | RuntimeException e) {
            LOG.debug("probe of {} failed", address, e);
            return false; // unreachable, or no route: that is what is asked
        }
    }

    /** Ends, without waiting for probes on their way. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    @Override
    public String toString() {
        return "probing " + threads.getQueue().size() + " peers";
    }
}
