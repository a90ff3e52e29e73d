// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import dev.lockstep.domain.NodeNumber;

/**
 * A node as O2CB knows it.
 *
 * @param name its directory's name, 1 to 64 characters
 * @param number its number, also its slot
 * @param address IPv4, dotted
 * @param port 1 to 65534
 */
public record O2cbNode(String name, NodeNumber number, String address, int port) {}
