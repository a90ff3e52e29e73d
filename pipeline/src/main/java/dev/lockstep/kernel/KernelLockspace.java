// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernel;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeId;
import dev.lockstep.sorted.SortedArraySet;
import dev.lockstep.uevent.Uevent;
import java.util.Optional;
import java.util.SortedSet;

/**
 * A lockspace as the kernel shows it (sysfs /sys/kernel/dlm/NAME and configfs spaces/NAME).
 *
 * @param name the lockspace
 * @param globalId {@code id}; 0 before its first start
 * @param recoverStatus {@code recover_status}; 0 when stopped
 * @param recoverNodeid {@code recover_nodeid}: whom recovery polls
 * @param members nodeids in configfs
 * @param unanswered the uevent a task still waits on, decided from the kernel; only read at agent start and after an
 *     overflow, empty otherwise
 */
public record KernelLockspace(
        LockspaceName name,
        int globalId,
        int recoverStatus,
        int recoverNodeid,
        SortedSet<NodeId> members,
        Optional<Uevent.Action> unanswered) {

    public KernelLockspace {
        members = SortedArraySet.copyOf(members);
    }
}
