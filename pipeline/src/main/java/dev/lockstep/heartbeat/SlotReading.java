// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.heartbeat;

/** One read of one slot. */
public sealed interface SlotReading {

    /**
     * A block with a valid checksum. An all-zero block is valid too (its checksum is 0): a slot never used.
     *
     * @param block what it says
     */
    record Good(SlotBlock block) implements SlotReading {}

    /** A block whose checksum does not match: torn, overwritten, or never a slot. */
    record BadChecksum() implements SlotReading {}
}
