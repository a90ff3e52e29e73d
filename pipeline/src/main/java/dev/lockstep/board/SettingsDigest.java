// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import java.util.ArrayList;
import java.util.List;

/**
 * One 32-bit hash per setting that must be equal on all nodes, so that a difference can name its setting.
 *
 * @param hashes one hash per {@link Setting}, by ordinal
 */
public record SettingsDigest(List<Integer> hashes) {

    /** The settings that must be equal, in their order on disk; new ones go to the end. */
    public enum Setting {
        /** The cluster's name (dlm {@code cluster_name}). */
        CLUSTER_NAME,
        /** Nodes: numbers, names and DLM addresses. */
        NODES,
        /** dlm.nodeid-offset. */
        NODEID_OFFSET,
        /** The heartbeat's dead threshold and period. */
        DEAD_THRESHOLD,
        /** DLM protocol and TCP port. */
        TRANSPORT,
        /** Marks. */
        MARKS,
        /** nodir and weights per lockspace. */
        DIRECTORY,
        /** Which region guards which lockspace. */
        GUARDS
    }

    public SettingsDigest {
        hashes = List.copyOf(hashes);
    }

    /** {@return the settings in which the two differ; a setting only one of them knows counts as equal} */
    public List<Setting> differences(SettingsDigest other) {
        List<Setting> differing = new ArrayList<>();
        int known = Math.min(Math.min(hashes.size(), other.hashes.size()), Setting.values().length);
        for (int i = 0; i < known; i++) {
            if (!hashes.get(i).equals(other.hashes.get(i))) {
                differing.add(Setting.values()[i]);
            }
        }
        return differing;
    }
}
