// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.wakeups;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.port.WakeUps.WakeUp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The bytes of a wake-up, big-endian, always 57 of them:
 *
 * <pre>
 *    0     4      5        21         22..25     25        57
 *    +-----+------+---------+----------+---------+---------+
 *    | LSW | node | boot id | length   | zero    | region  |
 *    |  1  | u8   | 16      | u8 1..32 | 3       | 32, 0-padded
 *    +-----+------+---------+----------+---------+---------+
 * </pre>
 */
final class WakeUpCodec {

    static final int BYTES = 57;
    private static final int MAGIC = 0x4c535731; // "LSW1"

    private WakeUpCodec() {}

    static byte[] encode(WakeUp wakeUp) {
        byte[] name = wakeUp.region().name().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putInt(MAGIC).put((byte) wakeUp.node().value());
        bytes.putLong(wakeUp.boot().high()).putLong(wakeUp.boot().low());
        bytes.put((byte) name.length).put(new byte[3]).put(name);
        return bytes.array();
    }

    /** {@return the wake-up, empty for anything that is none} */
    static Optional<WakeUp> decode(ByteBuffer bytes) {
        if (bytes.remaining() != BYTES || bytes.getInt() != MAGIC) {
            return Optional.empty();
        }
        int node = bytes.get() & 0xff;
        long high = bytes.getLong();
        long low = bytes.getLong();
        int length = bytes.get() & 0xff;
        bytes.position(bytes.position() + 3);
        byte[] name = new byte[RegionId.MAX_LENGTH];
        bytes.get(name);
        if (node > NodeNumber.MAX || length > RegionId.MAX_LENGTH || (high == 0 && low == 0)) {
            return Optional.empty();
        }
        try {
            RegionId region = new RegionId(new String(name, 0, length, StandardCharsets.ISO_8859_1));
            return Optional.of(new WakeUp(region, new NodeNumber(node), new BootId(high, low)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
