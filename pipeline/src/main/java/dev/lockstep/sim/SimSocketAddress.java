// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/** A sockaddr_storage as comms/N/addr_list shows it. */
final class SimSocketAddress {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int IPV4_AT = 4;
    private static final int IPV6_AT = 8;

    private SimSocketAddress() {}

    static String text(byte[] address) {
        ByteBuffer bytes = ByteBuffer.wrap(address).order(ByteOrder.nativeOrder());
        StringBuilder text = new StringBuilder();
        switch (bytes.getShort(0)) {
            case AF_INET -> {
                text.append("AF_INET\t");
                for (int i = 0; i < 4; i++) {
                    text.append(i > 0 ? "." : "").append(address[IPV4_AT + i] & 0xff);
                }
            }
            case AF_INET6 -> {
                text.append("AF_INET6\t");
                bytes.order(ByteOrder.BIG_ENDIAN);
                for (int i = 0; i < 8; i++) {
                    text.append(i > 0 ? ":" : "")
                            .append(String.format(Locale.ROOT, "%04x", bytes.getShort(IPV6_AT + 2 * i) & 0xffff));
                }
            }
            default -> text.append("<UNKNOWN>");
        }
        return text.toString();
    }
}
