// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.uevents;

import dev.lockstep.nativeio.NativeFailure;
import dev.lockstep.port.UeventSource;
import dev.lockstep.uevent.UeventSignal;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * Uevents of fs/dlm from the kernel's netlink socket. Uevents are per network namespace: the agent must run in the
 * machine's own.
 *
 * <p>Each session, from opening to cancellation or error, has a socket and a daemon thread named {@code
 * lockstep-uevents}, on which everything is emitted. The first session begins with {@link #open}, so that what happens
 * before the first subscriber comes is not lost; every later one begins with an Overflow, since events were missed.
 */
public final class NetlinkUeventSource implements UeventSource {
    /**
     * Room for some 30 000 events of the usual size, each of which counts with about 1 KiB: more than half a second of
     * 50 000 a second on a machine too busy to let us read. Memory is only used while they wait.
     */
    public static final int RECEIVE_BUFFER_BYTES = 16 << 20;

    private final int receiveBufferBytes;
    private final int queueCapacity;

    /** The session that waits for its subscriber, or the one that has it. */
    private UeventSession session;

    private boolean taken;
    private boolean closed;

    private NetlinkUeventSource(int receiveBufferBytes, int queueCapacity) throws NativeFailure {
        this.receiveBufferBytes = receiveBufferBytes;
        this.queueCapacity = queueCapacity;
        this.session = UeventSession.start(receiveBufferBytes, queueCapacity, null);
    }

    /**
     * Opens the socket; events from now on are kept.
     *
     * @param receiveBufferBytes what the kernel may keep for us, {@link #RECEIVE_BUFFER_BYTES}
     * @param queueCapacity how many events wait for the subscriber's demand at most
     * @throws NativeFailure if the socket cannot be had
     */
    public static NetlinkUeventSource open(int receiveBufferBytes, int queueCapacity) throws NativeFailure {
        return new NetlinkUeventSource(receiveBufferBytes, queueCapacity);
    }

    @Override
    public Flux<UeventSignal> signals() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super UeventSignal> actual) {
                attach(actual);
            }
        };
    }

    private void attach(CoreSubscriber<? super UeventSignal> subscriber) {
        UeventSession mine = null;
        Throwable problem = null;
        try {
            mine = takeSession();
        } catch (NativeFailure | IllegalStateException e) {
            problem = e;
        }
        if (mine != null) {
            mine.attach(subscriber);
        } else if (problem != null) {
            Operators.error(subscriber, problem);
        }
    }

    private synchronized @Nullable UeventSession takeSession() throws NativeFailure {
        if (closed) {
            throw new IllegalStateException("the uevent source is closed");
        }
        if (taken) {
            if (session.isRunning()) {
                throw new IllegalStateException("the uevent source has a subscriber already");
            }
            session = UeventSession.start(
                    receiveBufferBytes, queueCapacity, new UeventSignal.Overflow("the socket was opened anew"));
        }
        taken = true;
        return session;
    }

    /** Ends the stream and waits until the thread is gone, unless called on it. */
    @Override
    public void close() {
        UeventSession last;
        synchronized (this) {
            closed = true;
            last = session;
        }
        last.close();
    }
}
