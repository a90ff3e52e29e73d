// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.uevents;

import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import dev.lockstep.nativeio.NetlinkSocket;
import dev.lockstep.nativeio.NetlinkSocket.Datagram;
import dev.lockstep.nativeio.ThreadEnd;
import dev.lockstep.uevent.UeventParser;
import dev.lockstep.uevent.UeventQueue;
import dev.lockstep.uevent.UeventSignal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/** One socket with its thread, for one subscriber. */
final class UeventSession implements Runnable {
    private static final int KERNEL = 0;
    private static final UeventSignal LOST_IN_KERNEL = new UeventSignal.Overflow("kernel: ENOBUFS");
    private static final UeventSignal FORGED = new UeventSignal.Malformed("datagram was not sent by the kernel");
    private static final UeventSignal CUT = new UeventSignal.Malformed("datagram was cut short");

    private final NetlinkSocket socket;
    private final UeventQueue queue;
    private final Thread thread;
    private final byte[] datagram = new byte[UeventParser.MAX_BYTES];

    /** The kernel has lost events, and goes on until its queue is empty. */
    private boolean losing;

    private volatile boolean closed;

    private UeventSession(NetlinkSocket socket, int queueCapacity) {
        this.socket = socket;
        this.queue = new UeventQueue(queueCapacity, socket::wakeUp);
        this.thread = new Thread(this, "lockstep-uevents");
        this.thread.setDaemon(true);
    }

    static UeventSession start(int receiveBufferBytes, int queueCapacity, @Nullable UeventSignal first)
            throws NativeFailure {
        UeventSession session = new UeventSession(NetlinkSocket.openUevents(receiveBufferBytes), queueCapacity);
        if (first != null) {
            session.queue.offer(first);
        }
        session.thread.start();
        return session;
    }

    void attach(CoreSubscriber<? super UeventSignal> subscriber) {
        queue.attach(subscriber);
    }

    boolean isRunning() {
        return !closed && !queue.isCancelled() && thread.isAlive();
    }

    @Override
    public void run() {
        try (socket) {
            while (!closed && !queue.isCancelled()) {
                queue.drain();
                receive();
            }
            queue.complete();
        } catch (NativeFailure e) {
            queue.fail(e);
        }
    }

    private void receive() throws NativeFailure {
        try {
            Optional<Datagram> received = socket.receive(losing ? 0 : -1);
            if (received.isPresent()) {
                signal(received.get()).ifPresent(queue::offer);
            }
        } catch (NativeFailure e) {
            if (!e.errno().equals(Errno.ENOBUFS)) {
                throw e;
            }
            losing = true;
            return;
        }
        // Told any sooner, the kernel would be read while events are still dropped, and theirs would be missed.
        if (losing && socket.isDrained()) {
            losing = false;
            queue.offer(LOST_IN_KERNEL);
        }
    }

    private Optional<UeventSignal> signal(Datagram received) {
        if (received.senderPort() != KERNEL) {
            return Optional.of(FORGED);
        }
        if (received.truncated()) {
            return Optional.of(CUT);
        }
        int length = received.content().remaining();
        received.content().get(0, datagram, 0, length);
        return UeventParser.parse(datagram, length);
    }

    void close() {
        closed = true;
        socket.wakeUp();
        if (Thread.currentThread() == thread) {
            return;
        }
        ThreadEnd.await(thread);
    }
}
