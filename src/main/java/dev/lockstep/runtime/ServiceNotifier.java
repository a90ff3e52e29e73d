// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager how the agent does (sd_notify(3)): one datagram per message to the socket named in {@code
 * NOTIFY_SOCKET}, a path or, after '@', an abstract name. Without that variable it does nothing. A message that cannot
 * be sent is logged once; the agent goes on. Any thread; a send may wait for the manager to read.
 */
public final class ServiceNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotifier.class);

    private final Optional<UnixSocketAddress> manager;
    private final Optional<Duration> watchdogTimeout;
    private final AtomicBoolean failed = new AtomicBoolean();

    private ServiceNotifier(Optional<UnixSocketAddress> manager, Optional<Duration> watchdogTimeout) {
        this.manager = manager;
        this.watchdogTimeout = watchdogTimeout;
    }

    /**
     * {@return a notifier for what the service manager put into the environment}
     *
     * @param environment the process's
     * @param pid the own process id: a watchdog meant for another process is not ours
     */
    public static ServiceNotifier of(Map<String, String> environment, long pid) {
        Optional<UnixSocketAddress> manager = Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
                .filter(name -> name.startsWith("/") || name.startsWith("@"))
                .map(name -> new UnixSocketAddress(name.startsWith("@") ? "\0" + name.substring(1) : name));
        Optional<Duration> watchdog = Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                .filter(text -> text.matches("[1-9][0-9]{0,17}"))
                .filter(text -> environment
                        .getOrDefault("WATCHDOG_PID", Long.toString(pid))
                        .equals(Long.toString(pid)))
                .map(text -> Duration.ofNanos(Math.multiplyExact(Long.parseLong(text), 1000L)));
        return new ServiceNotifier(manager, watchdog);
    }

    /** {@return how long the manager waits for {@link #alive} before it acts; feed it in half of that} */
    public Optional<Duration> watchdogTimeout() {
        return watchdogTimeout;
    }

    /** The agent hears uevents and answers what it is asked; it may not have read a region yet. */
    public void ready(String status) {
        send("READY=1\nSTATUS=" + oneLine(status));
    }

    /** One line for {@code systemctl status}. */
    public void status(String status) {
        send("STATUS=" + oneLine(status));
    }

    /** Progress was made; never call it from a bare timer. */
    public void alive() {
        send("WATCHDOG=1");
    }

    /** The agent begins to shut down. */
    public void stopping() {
        send("STOPPING=1");
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ');
    }

    private void send(String message) {
        if (manager.isEmpty()) {
            return;
        }
        try (UnixDatagramChannel channel = UnixDatagramChannel.open()) {
            channel.send(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), manager.get());
        } catch (IOException e) {
            if (failed.compareAndSet(false, true)) {
                LOG.warn("The service manager cannot be told '{}': {}", oneLine(message), e.getMessage());
            }
        }
    }
}
