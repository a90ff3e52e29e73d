// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A character device of messages that must be polled: a read gives one message, or EAGAIN even where it should block
 * (fs/dlm/plock.c). One thread reads and writes; {@link #wakeUp} and {@link #close} may come from any.
 */
public final class PolledDevice implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 4096;
    private static final int POLL_AT = MAX_MESSAGE_BYTES;
    private static final int POLL_BYTES = 16;

    private final Descriptor device;
    private final WakeFd wake;
    private final AlignedMemory memory = AlignedMemory.allocate(POLL_AT + POLL_BYTES);

    private PolledDevice(Descriptor device, WakeFd wake) {
        this.device = device;
        this.wake = wake;
        memory.buffer().order(ByteOrder.nativeOrder());
    }

    /**
     * Opens the device for reading and writing.
     *
     * @throws NativeFailure if it cannot be opened
     */
    public static PolledDevice open(Path path) throws NativeFailure {
        return of(Descriptor.open(path, Libc.O_RDWR | Libc.O_NONBLOCK));
    }

    /** {@return a device on an open descriptor, owned by the result; for tests that play the kernel} */
    static PolledDevice of(Descriptor device) throws NativeFailure {
        try {
            return new PolledDevice(device, WakeFd.create(device.path()));
        } catch (NativeFailure e) {
            device.close();
            throw e;
        }
    }

    /**
     * Waits for a message.
     *
     * @param bytes how long it may be, at most 4096
     * @param timeoutMs how long to wait, -1 for without end
     * @return the message, empty after a wake-up, a signal or the timeout
     * @throws NativeFailure if the poll or the read fails, EBADF once closed
     */
    public Optional<byte[]> read(int bytes, int timeoutMs) throws NativeFailure {
        int fd = device.enter();
        try {
            int wakeFd = wake.enter();
            try {
                return read(fd, wakeFd, bytes, timeoutMs);
            } finally {
                wake.leave();
            }
        } catch (LastErrorException e) {
            NativeFailure failure = device.failure("read", e);
            if (failure.errno().equals(Errno.EINTR) || failure.errno().equals(Errno.EAGAIN)) {
                return Optional.empty();
            }
            throw failure;
        } finally {
            Reference.reachabilityFence(memory);
            device.leave();
        }
    }

    private Optional<byte[]> read(int fd, int wakeFd, int bytes, int timeoutMs) throws NativeFailure {
        ByteBuffer buffer = memory.buffer().clear();
        buffer.putInt(POLL_AT, fd).putShort(POLL_AT + 4, (short) Libc.POLLIN).putShort(POLL_AT + 6, (short) 0);
        buffer.putInt(POLL_AT + 8, wakeFd).putShort(POLL_AT + 12, (short) Libc.POLLIN);
        buffer.putShort(POLL_AT + 14, (short) 0);
        if (Libc.poll(memory.address(POLL_AT, POLL_BYTES), 2, timeoutMs) == 0) {
            return Optional.empty();
        }
        if (buffer.getShort(POLL_AT + 14) != 0) {
            wake.take(wakeFd);
            return Optional.empty();
        }
        int got = (int) Libc.read(fd, memory.address(0, bytes), bytes);
        if (got == 0) {
            // Nothing will come any more, and poll would return at once for ever.
            throw new NativeFailure("read at the end of", Errno.EIO, device.path());
        }
        byte[] message = new byte[got];
        buffer.get(0, message);
        return Optional.of(message);
    }

    /**
     * Writes one message with one write(2).
     *
     * @throws NativeFailure if it is not taken whole
     */
    public void write(byte[] message) throws NativeFailure {
        int fd = device.enter();
        try {
            memory.buffer().put(0, message);
            long put = Libc.write(fd, memory.address(0, message.length), message.length);
            if (put != message.length) {
                throw new NativeFailure("write of " + message.length + " bytes to", Errno.EIO, device.path());
            }
        } catch (LastErrorException e) {
            throw device.failure("write", e);
        } finally {
            Reference.reachabilityFence(memory);
            device.leave();
        }
    }

    /** Makes a waiting, or the next, read return empty. */
    public void wakeUp() {
        wake.wakeUp();
    }

    @Override
    public void close() {
        wakeUp();
        device.close();
        wake.close();
    }
}
