// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * A node's address as {@code comms/N/addr} takes it: exactly sizeof(struct sockaddr_storage), 128 bytes
 * (fs/dlm/config.c, comm_addr_store; ip(7), ipv6(7)).
 *
 * <pre>
 *   IPv4  0 family=2, native   2 port=0   4 address (4)                                zeros to 128
 *   IPv6  0 family=10, native  2 port=0   4 flowinfo=0   8 address (16)   24 scope id   zeros to 128
 * </pre>
 *
 * <p>The port must be 0: the kernel compares it, and refuses peers otherwise.
 */
final class SocketAddressBytes {
    static final int BYTES = 128;

    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;

    private SocketAddressBytes() {}

    static byte[] of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
        if (address instanceof Inet4Address) {
            bytes.putShort(0, AF_INET).put(4, address.getAddress());
        } else if (address instanceof Inet6Address six) {
            bytes.putShort(0, AF_INET6).put(8, six.getAddress()).putInt(24, six.getScopeId());
        } else {
            throw new IllegalArgumentException("address " + address + " is neither IPv4 nor IPv6");
        }
        return bytes.array();
    }

    /**
     * Whether a line of {@code addr_list} shows this address. The kernel prints {@code AF_INET\t192.0.2.1} and {@code
     * AF_INET6\t2001:0db8:…} with all digits.
     */
    static boolean isShownAs(InetAddress address, String line) {
        int tab = line.indexOf('\t');
        if (tab < 0) {
            return false;
        }
        String shown = line.substring(tab + 1);
        return switch (line.substring(0, tab)) {
            case "AF_INET" -> address instanceof Inet4Address && shown.equals(address.getHostAddress());
            case "AF_INET6" -> address instanceof Inet6Address && shown.equals(allDigits(address.getAddress()));
            default -> false;
        };
    }

    private static String allDigits(byte[] address) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < address.length; i += 2) {
            text.append(i == 0 ? "" : ":").append(String.format(Locale.ROOT, "%02x%02x", address[i], address[i + 1]));
        }
        return text.toString();
    }
}
