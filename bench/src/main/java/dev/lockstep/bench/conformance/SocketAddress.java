// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A sockaddr_storage as comms/N/addr takes it: 128 bytes, family in the processor's order, port 0. */
final class SocketAddress {
    private static final short AF_INET = 2;
    private static final int BYTES = 128;

    private SocketAddress() {}

    /** {@return the address that nodes have on the test bed} */
    static byte[] ofNode(int node) {
        return of(10, 77, 0, node);
    }

    /** {@return an IPv4 address} */
    static byte[] of(int... parts) {
        ByteBuffer address = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
        address.putShort(AF_INET).putShort((short) 0);
        for (int part : parts) {
            address.put((byte) part);
        }
        return address.array();
    }
}
