// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Memory for some datagrams received by one recvmmsg(2), which halves and more the cost of each in a flood. For one
 * thread. Per datagram a struct mmsghdr of 64 bytes:
 *
 * <pre>
 *    0 name (pointer)   8 namelen (u32)   16 iov (pointer)   24 iovlen
 *   32 control          40 controllen     48 flags (s32)     56 length received (u32)
 * </pre>
 *
 * <p>followed, for all datagrams, by a struct iovec (pointer, length), a sockaddr_nl and the bytes.
 */
final class DatagramBatch {
    /** How many are received at once. */
    static final int SIZE = 32;

    private static final int MAX_DATAGRAM_BYTES = 8192;
    private static final int HEADER_BYTES = 64;
    private static final int IOVEC_BYTES = 16;
    private static final int ADDRESS_BYTES = 12;
    private static final int ADDRESS_STRIDE = 16;

    private static final int IOVECS_AT = SIZE * HEADER_BYTES;
    private static final int ADDRESSES_AT = IOVECS_AT + SIZE * IOVEC_BYTES;
    private static final int BYTES_AT = ADDRESSES_AT + SIZE * ADDRESS_STRIDE;

    private final AlignedMemory memory = AlignedMemory.allocate(BYTES_AT + SIZE * MAX_DATAGRAM_BYTES);
    private final ByteBuffer buffer = memory.buffer().order(ByteOrder.nativeOrder());
    private int received;
    private int taken;

    DatagramBatch() {
        for (int i = 0; i < SIZE; i++) {
            int header = i * HEADER_BYTES;
            int iovec = IOVECS_AT + i * IOVEC_BYTES;
            buffer.putLong(header, memory.address(ADDRESSES_AT + i * ADDRESS_STRIDE, ADDRESS_BYTES));
            buffer.putLong(header + 16, memory.address(iovec, IOVEC_BYTES)).putLong(header + 24, 1);
            buffer.putLong(iovec, memory.address(BYTES_AT + i * MAX_DATAGRAM_BYTES, MAX_DATAGRAM_BYTES));
            buffer.putLong(iovec + 8, MAX_DATAGRAM_BYTES);
        }
    }

    /** Receives what is there without waiting, at least one; the datagrams of the batch before are void. */
    void receive(int socket) throws LastErrorException {
        // Should it fail, nothing is there to take, and nothing is known of what more there is.
        taken = SIZE;
        received = SIZE;
        for (int i = 0; i < SIZE; i++) {
            // The kernel writes the length of each address there.
            buffer.putInt(i * HEADER_BYTES + 8, ADDRESS_BYTES);
        }
        try {
            received = Libc.recvmmsg(socket, memory.address(0, BYTES_AT), SIZE, Libc.MSG_TRUNC | Libc.MSG_DONTWAIT, 0);
            taken = 0;
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** {@return whether the last batch was taken whole and ended early: no more was there, or the next call fails} */
    boolean foundNoMore() {
        return taken == received && received < SIZE;
    }

    /** {@return the next datagram of the last batch, in the order of arrival; empty after the last} */
    Optional<NetlinkSocket.Datagram> next() {
        if (taken == received) {
            return Optional.empty();
        }
        int i = taken++;
        // With MSG_TRUNC the length is the datagram's own, whatever there was room for.
        long length = Integer.toUnsignedLong(buffer.getInt(i * HEADER_BYTES + 56));
        int kept = (int) Math.min(length, MAX_DATAGRAM_BYTES);
        return Optional.of(new NetlinkSocket.Datagram(
                buffer.getInt(ADDRESSES_AT + i * ADDRESS_STRIDE + 4),
                length > kept,
                buffer.slice(BYTES_AT + i * MAX_DATAGRAM_BYTES, kept)));
    }
}
