// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import java.util.Optional;

/** Takes an administrator's word that one life of a node is over. */
@FunctionalInterface
public interface FenceAcks {

    /**
     * Takes the word as evidence and returns without waiting for what follows from it.
     *
     * @param node the node
     * @param boot the life that is over
     * @return why it cannot be taken; empty if it was
     */
    Optional<String> acknowledge(NodeNumber node, BootId boot);
}
