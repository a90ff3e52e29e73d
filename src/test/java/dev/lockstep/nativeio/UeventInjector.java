// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Makes uevents arrive on this machine's uevent sockets. Needs CAP_SYS_ADMIN (the kernel sends on what root hands to it
 * by netlink, adding SEQNUM; lib/kobject_uevent.c, uevent_net_rcv_skb).
 */
public final class UeventInjector implements AutoCloseable {
    private static final int HEADER_BYTES = 16;
    private static final short ANY_TYPE = 0x10;
    private static final short NLM_F_REQUEST = 1;

    private final C c = Native.load("c", C.class);
    private final int fd = c.socket(Libc.AF_NETLINK, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, Libc.NETLINK_KOBJECT_UEVENT);

    /** The calls that only tests need. */
    @SuppressWarnings("checkstyle:MethodName")
    public interface C extends Library {
        int socket(int domain, int type, int protocol) throws LastErrorException;

        int sendto(int fd, byte[] bytes, int length, int flags, byte[] address, int addressBytes)
                throws LastErrorException;

        int close(int fd) throws LastErrorException;
    }

    /** Has the kernel send an event; SEQNUM is added by it. */
    public void sendByKernel(String event) {
        byte[] payload = event.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer message = ByteBuffer.allocate(HEADER_BYTES + payload.length).order(ByteOrder.nativeOrder());
        message.putInt(message.capacity()).putShort(ANY_TYPE).putShort(NLM_F_REQUEST);
        message.position(HEADER_BYTES).put(payload);
        c.sendto(fd, message.array(), message.capacity(), 0, address(0), 12);
    }

    /** Sends an event to all listeners as this process. */
    public void sendForged(String event) {
        byte[] payload = event.getBytes(StandardCharsets.ISO_8859_1);
        c.sendto(fd, payload, payload.length, 0, address(1), 12);
    }

    private static byte[] address(int groups) {
        ByteBuffer address = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
        return address.putShort(0, (short) Libc.AF_NETLINK).putInt(8, groups).array();
    }

    @Override
    public void close() {
        c.close(fd);
    }
}
