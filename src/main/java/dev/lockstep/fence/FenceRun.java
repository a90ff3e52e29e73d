// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.fence;

import dev.lockstep.board.FenceAttempt;
import dev.lockstep.config.FencePlaceholder;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.nativeio.ProcessGroup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The administrator's fence command: run without a shell, in a session of its own, with nothing on its input and an
 * environment of its own. Its exit status 0 is taken for the proof that the peer is off, or was reset. What it prints
 * is logged, the end of it only. When its time is over, it is killed with everything it has started.
 *
 * <p>Any thread, each call its own process. A call lasts as long as the command, at most its timeout and the kill.
 */
public final class FenceRun {
    private static final Logger LOG = LoggerFactory.getLogger(FenceRun.class);

    /** util-linux: makes the command the leader of a session, so that all it starts can be killed together. */
    private static final String SETSID = "/usr/bin/setsid";

    /** More output than this is read, so that the command does not stall on a full pipe, and thrown away. */
    private static final int KEPT_BYTES = 2048;

    private static final String STILL_HANGS = "not tried: the start of an earlier attempt still hangs";

    private static final Duration KILL_WAIT = Duration.ofSeconds(5);
    private static final Duration OUTPUT_PAUSE = Duration.ofMillis(20);

    private final List<String> line;
    private final Duration timeout;
    private final String cluster;
    private final Map<NodeNumber, Peer> peers;
    private final Starter starter;

    /** The threads that have not started the command against a peer in its time. */
    private final Map<NodeNumber, Thread> hanging = new ConcurrentHashMap<>();

    /** Starts a process; may hang as long as the file systems do that hold what it needs. */
    interface Starter {
        Process start(ProcessBuilder builder) throws IOException;
    }

    /**
     * A peer as the command is told of it.
     *
     * @param name the node's name
     * @param address its address in numbers
     */
    public record Peer(String name, String address) {}

    /**
     * @param line the program's absolute path and its arguments; {@link FencePlaceholder}s in them are filled in
     * @param timeout how long one run may take
     * @param cluster the cluster's name
     * @param peers by number
     */
    public FenceRun(List<String> line, Duration timeout, String cluster, Map<NodeNumber, Peer> peers) {
        this(line, timeout, cluster, peers, ProcessBuilder::start);
    }

    FenceRun(List<String> line, Duration timeout, String cluster, Map<NodeNumber, Peer> peers, Starter starter) {
        this.line = List.copyOf(line);
        this.timeout = timeout;
        this.cluster = cluster;
        this.peers = Map.copyOf(peers);
        this.starter = starter;
    }

    /** {@return how the command ended; never throws} */
    public Outcome.Exited fence(Mutation.FenceNode order) {
        Peer peer = peers.get(order.node());
        if (peer == null) {
            return new Outcome.Exited(FenceAttempt.UNKNOWN, "node " + order.node() + " is not configured");
        }
        Map<FencePlaceholder, String> values = values(order.node(), order.boot(), order.generation(), peer);
        List<String> filled = new ArrayList<>(List.of(SETSID));
        line.forEach(argument -> filled.add(fill(argument, values)));
        Thread before = hanging.get(order.node());
        if (before != null && before.isAlive()) {
            // One more would hang, too, and cost a thread at each attempt.
            LOG.error("fencing node {} ({}): {}", order.node(), peer.name(), STILL_HANGS);
            return new Outcome.Exited(FenceAttempt.UNKNOWN, STILL_HANGS);
        }
        LOG.warn("fencing node {} ({}): {}", order.node(), peer.name(), filled.subList(1, filled.size()));
        try {
            Outcome.Exited ended = run(order.node(), filled, environment(values, order.count()));
            LOG.warn("fencing node {} ({}) ended with {}: {}", order.node(), peer.name(), ended.status(), ended.said());
            return ended;
        } catch (IOException e) {
            LOG.error("the fence command cannot be run: {}", e.getMessage());
            return new Outcome.Exited(FenceAttempt.UNKNOWN, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Exited(FenceAttempt.UNKNOWN, "interrupted");
        }
    }

    private static Map<FencePlaceholder, String> values(
            NodeNumber node, BootId boot, Generation generation, Peer peer) {
        Map<FencePlaceholder, String> values = new EnumMap<>(FencePlaceholder.class);
        values.put(FencePlaceholder.NODE, node.toString());
        values.put(FencePlaceholder.NAME, peer.name());
        values.put(FencePlaceholder.ADDRESS, peer.address());
        values.put(FencePlaceholder.BOOT, boot.toString());
        values.put(FencePlaceholder.GENERATION, generation.toString());
        return values;
    }

    /** Values hold no braces, so the order does not matter. */
    private static String fill(String argument, Map<FencePlaceholder, String> values) {
        String filled = argument;
        for (Map.Entry<FencePlaceholder, String> value : values.entrySet()) {
            filled = filled.replace(value.getKey().written(), value.getValue());
        }
        return filled;
    }

    /** Not LOCKSTEP_...: those are the agent's settings, to a lockstep that the command calls, too. */
    private Map<String, String> environment(Map<FencePlaceholder, String> values, int count) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("LANG", "C.UTF-8");
        environment.put("FENCE_CLUSTER", cluster);
        environment.put("FENCE_ATTEMPT", Integer.toString(count));
        values.forEach((placeholder, value) -> environment.put(placeholder.variable(), value));
        return environment;
    }

    private Outcome.Exited run(NodeNumber node, List<String> filled, Map<String, String> environment)
            throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        Optional<Process> started = started(node, filled, environment);
        if (started.isEmpty()) {
            return new Outcome.Exited(FenceAttempt.TIMED_OUT, "did not even start within " + text(timeout));
        }
        Process process = started.get();
        process.getOutputStream().close();
        try (Tail tail = new Tail(process.getInputStream())) {
            boolean ended = false;
            while (!ended && System.nanoTime() < deadlineNs) {
                ended = process.waitFor(OUTPUT_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                tail.takeWhatIsThere();
            }
            if (!ended) {
                kill(process);
                // One that is stuck in the kernel does not die; it shall not hold up the next attempt.
                process.waitFor(KILL_WAIT.toMillis(), TimeUnit.MILLISECONDS);
                tail.takeWhatIsThere();
            }
            return ended
                    ? new Outcome.Exited(process.exitValue(), tail.text())
                    : new Outcome.Exited(FenceAttempt.TIMED_OUT, "killed after " + text(timeout) + " " + tail.text());
        }
    }

    private static String text(Duration duration) {
        long ms = duration.toMillis();
        return ms % 1000 == 0 ? ms / 1000 + " s" : ms + " ms";
    }

    /** {@return the process; none if its time is over before it runs: then it is killed as soon as it does} */
    private Optional<Process> started(NodeNumber node, List<String> filled, Map<String, String> environment)
            throws IOException, InterruptedException {
        CompletableFuture<Optional<Process>> started = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        ProcessBuilder builder = new ProcessBuilder(filled).redirectErrorStream(true);
                        builder.environment().clear();
                        builder.environment().putAll(environment);
                        Process process = starter.start(builder);
                        if (!started.complete(Optional.of(process))) {
                            kill(process);
                        }
                    } catch (IOException | RuntimeException | LinkageError e) {
                        started.completeExceptionally(e);
                    }
                },
                "lockstep-fence-start");
        thread.setDaemon(true);
        thread.start();
        try {
            Optional<Process> process = started.completeOnTimeout(
                            Optional.empty(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .get();
            if (process.isEmpty()) {
                hanging.put(node, thread);
            } else {
                hanging.remove(node);
            }
            return process;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cannot ? cannot : new IOException(e.getCause());
        }
    }

    private static void kill(Process process) throws IOException {
        ProcessGroup.kill(process.pid());
        process.destroyForcibly(); // should it not lead its group yet
    }

    /**
     * The end of what a command prints. Never waits for more: a child of the command that lives on may hold the pipe
     * open, and a read that waits in it could not be ended, nor its descriptor given back.
     */
    private static final class Tail implements AutoCloseable {
        /** As much at once as a pipe holds, and no more: somebody may never cease to print. */
        private static final int MOST_BYTES = 65_536;

        private final InputStream from;
        private final StringBuilder kept = new StringBuilder();

        Tail(InputStream from) {
            this.from = from;
        }

        void takeWhatIsThere() {
            byte[] some = new byte[512];
            try {
                int taken = 0;
                while (taken < MOST_BYTES && from.available() > 0) {
                    int count = from.read(some);
                    if (count < 0) {
                        break; // the runtime takes over what an ended process left in the pipe
                    }
                    taken += count;
                    keep(new String(some, 0, count, StandardCharsets.ISO_8859_1));
                }
            } catch (IOException e) {
                keep(" (output lost: " + e.getMessage() + ")");
            }
        }

        private void keep(String more) {
            kept.append(more);
            kept.delete(0, Math.max(0, kept.length() - KEPT_BYTES));
        }

        /** One line, printable: it goes to the log and to people. */
        String text() {
            return kept.toString().replaceAll("[^ -~]+", " ").strip();
        }

        @Override
        public void close() {
            try {
                from.close();
            } catch (IOException e) {
                LOG.debug("the output of the fence command", e); // it changes nothing of how the command ended
            }
        }
    }
}
