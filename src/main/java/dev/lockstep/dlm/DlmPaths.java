// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeId;

/**
 * Where fs/dlm's files are, one char per byte.
 *
 * @param sysfs directory of the lockspaces, /sys/kernel/dlm
 * @param configfs fs/dlm's configfs subsystem, /sys/kernel/config/dlm
 */
public record DlmPaths(String sysfs, String configfs) {

    /** The real ones. */
    public static final DlmPaths SYSTEM = new DlmPaths("/sys/kernel/dlm", "/sys/kernel/config/dlm");

    String cluster() {
        return configfs + "/cluster";
    }

    String cluster(String attribute) {
        return cluster() + "/" + attribute;
    }

    String comms() {
        return cluster() + "/comms";
    }

    String comm(NodeId node) {
        // From 7.0 on, the directory's name must be the decimal nodeid.
        return comms() + "/" + node.value();
    }

    String spaces() {
        return cluster() + "/spaces";
    }

    String space(LockspaceName name) {
        return spaces() + "/" + name.value();
    }

    String members(LockspaceName name) {
        return space(name) + "/nodes";
    }

    String lockspace(LockspaceName name, String attribute) {
        return lockspace(name.value(), attribute);
    }

    /** Of a lockspace by its directory, which need not be its name. */
    String lockspace(String directory, String attribute) {
        return sysfs + "/" + directory + "/" + attribute;
    }
}
