// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

/**
 * What the kernel log tells of dlm-monitor since the module was loaded ("DLM installed"): on its last close the kernel
 * stops every lockspace and says so (fs/dlm/user.c, fs/dlm/lockspace.c).
 */
final class MonitorLog {
    private static final String LOADED = "DLM installed";

    private MonitorLog() {}

    static boolean wasClosedUnderLockspaces(String log) {
        int loaded = log.lastIndexOf(LOADED);
        String since = loaded < 0 ? log : log.substring(loaded);
        return since.contains(": no userland control daemon, stopping lockspace")
                || since.contains("dlm: dlm user daemon left ");
    }
}
