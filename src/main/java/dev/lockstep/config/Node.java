// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import dev.lockstep.domain.NodeNumber;
import java.net.InetAddress;

/**
 * A node of the cluster.
 *
 * @param number O2CB's number, also its slot
 * @param name its name, unique whatever the case
 * @param address its address for lock traffic and, IPv4 only, for O2CB
 * @param port O2CB's TCP port (o2net)
 * @param mark firewall mark of lock traffic to it, 0 for the cluster's, unsigned 32 bits
 * @param weight its share of resources it is directory or master of; 0 for none
 */
public record Node(NodeNumber number, String name, InetAddress address, int port, long mark, int weight) {

    /** {@return whether {@code other} names this node; case does not count} */
    public boolean isNamed(String other) {
        return name.equalsIgnoreCase(other);
    }
}
