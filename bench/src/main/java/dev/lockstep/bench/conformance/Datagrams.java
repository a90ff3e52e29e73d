// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import java.nio.charset.StandardCharsets;

/** Datagrams of the uevent socket as lines. */
final class Datagrams {
    private Datagrams() {}

    /** {@return the fields, with a blank between each} */
    static String text(byte[] datagram) {
        return new String(datagram, StandardCharsets.ISO_8859_1)
                .replace('\0', ' ')
                .strip();
    }

    /** {@return whether it is about a lockspace or its device} */
    static boolean concerns(String text) {
        return text.contains(" SUBSYSTEM=dlm ") || text.contains("/misc/dlm_");
    }
}
