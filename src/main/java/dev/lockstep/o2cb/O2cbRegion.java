// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import dev.lockstep.domain.RegionId;

/**
 * A heartbeat region's place.
 *
 * @param name the region's name, normally a volume's UUID
 * @param blockBytes bytes per slot, the device's logical sector size
 * @param startBlock first slot, in blocks of that size
 * @param blocks number of slots, 1 to 255
 */
public record O2cbRegion(RegionId name, int blockBytes, long startBlock, int blocks) {}
