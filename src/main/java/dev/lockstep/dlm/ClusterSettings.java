// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import java.nio.charset.StandardCharsets;

/**
 * What is configured for fs/dlm as a whole. The transport is always TCP.
 *
 * @param clusterName 1 to 63 bytes; OCFS2 and GFS2 mounts compare it with their superblock's
 * @param tcpPort 1 to 65535
 * @param mark firewall mark of all connections, unsigned; 0 for none
 * @param logDebug whether fs/dlm logs in detail
 */
public record ClusterSettings(String clusterName, int tcpPort, int mark, boolean logDebug) {

    public ClusterSettings {
        int bytes = clusterName.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > 63 || clusterName.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("cluster name '" + clusterName.strip() + "' has not 1..63 plain bytes");
        }
        if (tcpPort < 1 || tcpPort > 65535) {
            throw new IllegalArgumentException("port " + tcpPort + " is not in 1..65535");
        }
    }
}
