// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import java.net.InetAddress;

/**
 * A node as fs/dlm is told about it.
 *
 * @param number its O2CB number
 * @param nodeid its id in fs/dlm
 * @param address where its fs/dlm listens
 * @param mark firewall mark of the connection to it, unsigned; 0 for the cluster's
 */
public record DlmNode(NodeNumber number, NodeId nodeid, InetAddress address, int mark) {}
