// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;

/** Another machine lives under this node's number. The settings are wrong, on one of the two. */
final class NumberInUse extends Exception {
    private static final long serialVersionUID = 1;

    NumberInUse(NodeNumber number, RegionId region, String what) {
        super("Node number " + number + " is in use: " + what + " of node " + number + " in region " + region
                + " changes, and this machine does not write there. Two machines must not have one number: correct"
                + " node-name or nodes in the settings. Nothing was written, no heartbeat was started");
    }
}
