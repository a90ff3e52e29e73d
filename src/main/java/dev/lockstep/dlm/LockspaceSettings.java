// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.NodeNumber;
import java.util.Map;

/**
 * What is configured for one lockspace; must be the same on all nodes.
 *
 * @param nodir without a resource directory
 * @param weights shares of mastering; when any is given, nodes not named have 0, else the kernel's default holds
 */
public record LockspaceSettings(boolean nodir, Map<NodeNumber, Integer> weights) {

    /** What holds for a lockspace that is not named in the configuration. */
    public static final LockspaceSettings DEFAULT = new LockspaceSettings(false, Map.of());

    /** What a new entry in configfs has. */
    private static final int KERNEL_WEIGHT = 1;

    public LockspaceSettings {
        weights = Map.copyOf(weights);
        if (weights.values().stream().anyMatch(w -> w < 0)) {
            throw new IllegalArgumentException("a weight is negative");
        }
    }

    /** {@return a member's weight} */
    int weight(NodeNumber node) {
        return weights.isEmpty() ? KERNEL_WEIGHT : weights.getOrDefault(node, 0);
    }
}
