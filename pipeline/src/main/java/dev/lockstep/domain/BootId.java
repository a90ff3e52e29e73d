// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One life of a node's kernel: /proc/sys/kernel/random/boot_id. Never reused, so it names what died or came back
 * without doubt.
 *
 * @param high the UUID's upper 64 bits
 * @param low the UUID's lower 64 bits
 */
public record BootId(long high, long low) implements Comparable<BootId> {

    public BootId {
        if (high == 0 && low == 0) {
            throw new IllegalArgumentException("boot id is all zero");
        }
    }

    /**
     * {@return the boot id written as a UUID}
     *
     * @throws IllegalArgumentException if {@code text} is no UUID, or the zero UUID
     */
    public static BootId parse(String text) {
        UUID uuid = UUID.fromString(text.strip());
        return new BootId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /** Asked for each verdict on each board by each plan: a record's own goes a longer way. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof BootId boot && boot.low == low && boot.high == high);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(31 * high + low);
    }

    @Override
    public int compareTo(BootId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return new UUID(high, low).toString();
    }
}
