// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.util.Arrays;

/** A device of messages (one end of a SOCK_SEQPACKET pair) and the kernel's side of it, played by a test. */
public final class DevicePair implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;

    private final C c = Native.load("c", C.class);
    private final int kernel;
    private final PolledDevice device;

    /** The calls that only tests need. */
    public interface C extends Library {
        int socketpair(int domain, int type, int protocol, int[] pair) throws LastErrorException;

        int send(int fd, byte[] bytes, int length, int flags) throws LastErrorException;

        int recv(int fd, byte[] bytes, int length, int flags) throws LastErrorException;

        int close(int fd) throws LastErrorException;
    }

    private DevicePair() throws NativeFailure {
        int[] pair = new int[2];
        c.socketpair(AF_UNIX, SOCK_SEQPACKET | Libc.SOCK_CLOEXEC, 0, pair);
        kernel = pair[0];
        device = PolledDevice.of(new Descriptor(pair[1], "device of the test"));
    }

    /** {@return a connected pair} */
    public static DevicePair open() throws NativeFailure {
        return new DevicePair();
    }

    /** {@return the device's side; whoever uses it closes it} */
    public PolledDevice device() {
        return device;
    }

    /** Makes a message readable. */
    public void kernelSends(byte[] message) {
        c.send(kernel, message, message.length, 0);
    }

    /** {@return the next message that was written, waiting for it} */
    public byte[] kernelReceives() {
        byte[] message = new byte[4096];
        return Arrays.copyOf(message, c.recv(kernel, message, message.length, 0));
    }

    @Override
    public void close() {
        c.close(kernel);
    }
}
