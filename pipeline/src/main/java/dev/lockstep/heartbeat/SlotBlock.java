// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.heartbeat;

import dev.lockstep.domain.Generation;

/**
 * What a heartbeat slot says, see {@link SlotCodec} for its bytes.
 *
 * @param seq hb_seq: changes with every beat; the kernel writes wall-clock seconds, so it is no counter and may fall
 * @param hbNode hb_node, 0 to 255: the writer's own number; identity is the slot's index, this is only a cross-check
 * @param generation hb_generation: the heartbeat session, NONE after a clean stop
 * @param deadMs hb_dead_ms: dead threshold in milliseconds (T × 2000), unsigned 32 bits
 */
public record SlotBlock(long seq, int hbNode, Generation generation, long deadMs) {}
