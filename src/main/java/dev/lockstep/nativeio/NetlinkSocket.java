// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The kernel's uevent socket: AF_NETLINK, NETLINK_KOBJECT_UEVENT, group 1 (netlink(7)). One thread receives; {@link
 * #wakeUp} and {@link #close} may come from any. A receive blocks in poll(2) on the socket and a {@link WakeFd}.
 */
public final class NetlinkSocket implements AutoCloseable {
    private static final String NAME = "uevent socket";
    private static final int KERNEL_GROUP = 1;
    private static final int ADDRESS_BYTES = 12;

    private static final int POLL_AT = 0;
    private static final int POLL_BYTES = 16;

    private final Descriptor socket;
    private final WakeFd wake;
    private final DatagramBatch batch = new DatagramBatch();
    private final AlignedMemory memory = AlignedMemory.allocate(POLL_AT + POLL_BYTES);

    /** Of the receiving thread: the last wait ended with nothing there. */
    private boolean idle;

    /**
     * One datagram.
     *
     * @param senderPort nl_pid of the sender: 0 is the kernel, anything else a process that forges
     * @param truncated it was longer than the memory for it; what is missing is lost
     * @param content the bytes; valid until the next receive
     */
    public record Datagram(int senderPort, boolean truncated, ByteBuffer content) {}

    private NetlinkSocket(Descriptor socket, WakeFd wake) {
        this.socket = socket;
        this.wake = wake;
        memory.buffer().order(ByteOrder.nativeOrder());
    }

    /**
     * Opens and binds the socket; uevents sent after it returns are received.
     *
     * @param receiveBufferBytes how much the kernel keeps for us; without CAP_NET_ADMIN the limit of
     *     net.core.rmem_max holds
     * @throws NativeFailure if a step fails
     */
    public static NetlinkSocket openUevents(int receiveBufferBytes) throws NativeFailure {
        Descriptor socket = create();
        try {
            setReceiveBuffer(socket, receiveBufferBytes);
            AlignedMemory address = AlignedMemory.allocate(ADDRESS_BYTES);
            address.buffer().order(ByteOrder.nativeOrder()).putShort(0, (short) Libc.AF_NETLINK);
            address.buffer().putInt(8, KERNEL_GROUP);
            int fd = socket.enter();
            try {
                Libc.bind(fd, address.address(0, ADDRESS_BYTES), ADDRESS_BYTES);
            } catch (LastErrorException e) {
                throw socket.failure("bind", e);
            } finally {
                Reference.reachabilityFence(address);
                socket.leave();
            }
            return new NetlinkSocket(socket, WakeFd.create(NAME));
        } catch (NativeFailure e) {
            socket.close();
            throw e;
        }
    }

    private static Descriptor create() throws NativeFailure {
        try {
            int fd = Libc.socket(
                    Libc.AF_NETLINK,
                    Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK,
                    Libc.NETLINK_KOBJECT_UEVENT);
            return new Descriptor(fd, NAME);
        } catch (LastErrorException e) {
            throw Descriptor.failure("socket", e, NAME);
        }
    }

    private static void setReceiveBuffer(Descriptor socket, int bytes) throws NativeFailure {
        AlignedMemory value = AlignedMemory.allocate(4);
        value.buffer().order(ByteOrder.nativeOrder()).putInt(0, bytes);
        int fd = socket.enter();
        try {
            Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, value.address(0, 4), 4);
        } catch (LastErrorException e) {
            // EPERM without CAP_NET_ADMIN; the plain option then gives what the system's limit allows.
            try {
                Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, value.address(0, 4), 4);
            } catch (LastErrorException second) {
                throw socket.failure("setsockopt SO_RCVBUF", second);
            }
        } finally {
            Reference.reachabilityFence(value);
            socket.leave();
        }
    }

    /**
     * Gives the next datagram, waiting for one if none was received yet. Up to {@link DatagramBatch#SIZE} are received
     * at once; a wake-up is only looked for in between.
     *
     * @param timeoutMs how long, -1 for without end
     * @return the datagram, empty after a wake-up, a signal or the timeout
     * @throws NativeFailure with ENOBUFS if uevents were lost, and more may be until {@link #isDrained}; EBADF once
     *     closed
     */
    public Optional<Datagram> receive(int timeoutMs) throws NativeFailure {
        Optional<Datagram> waiting = batch.next();
        if (waiting.isPresent()) {
            return waiting;
        }
        int socketFd = socket.enter();
        try {
            int wakeFd = wake.enter();
            try {
                return receive(socketFd, wakeFd, timeoutMs);
            } finally {
                wake.leave();
            }
        } catch (LastErrorException e) {
            NativeFailure failure = socket.failure("receive", e);
            idle = failure.errno().equals(Errno.EAGAIN);
            if (idle || failure.errno().equals(Errno.EINTR)) {
                return Optional.empty();
            }
            throw failure;
        } finally {
            Reference.reachabilityFence(memory);
            socket.leave();
        }
    }

    /**
     * {@return whether the queue was empty at some moment since the last receive began, all that came before is taken}
     *
     * <p>After a loss the kernel drops everything until the queue is empty (af_netlink.c, NETLINK_S_CONGESTED), without
     * another ENOBUFS. What was lost is known to be over only then.
     */
    public boolean isDrained() {
        return idle || batch.foundNoMore();
    }

    private Optional<Datagram> receive(int socketFd, int wakeFd, int timeoutMs) {
        idle = false;
        ByteBuffer buffer = memory.buffer().clear();
        buffer.putInt(POLL_AT, socketFd)
                .putShort(POLL_AT + 4, (short) Libc.POLLIN)
                .putShort(POLL_AT + 6, (short) 0);
        buffer.putInt(POLL_AT + 8, wakeFd)
                .putShort(POLL_AT + 12, (short) Libc.POLLIN)
                .putShort(POLL_AT + 14, (short) 0);
        if (Libc.poll(memory.address(POLL_AT, POLL_BYTES), 2, timeoutMs) == 0) {
            idle = true;
            return Optional.empty();
        }
        if (buffer.getShort(POLL_AT + 14) != 0) {
            wake.take(wakeFd);
            return Optional.empty();
        }
        batch.receive(socketFd);
        return batch.next();
    }

    /** Makes a waiting, or the next, receive return empty. */
    public void wakeUp() {
        wake.wakeUp();
    }

    @Override
    public void close() {
        wakeUp();
        socket.close();
        wake.close();
    }
}
