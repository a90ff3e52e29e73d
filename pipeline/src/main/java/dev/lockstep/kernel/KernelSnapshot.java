// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernel;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.sorted.SortedArrayMap;
import dev.lockstep.sorted.SortedArraySet;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything of fs/dlm that can be read.
 *
 * @param lockspaces every directory of /sys/kernel/dlm
 * @param comms peers that have a comm, the own node left out
 */
public record KernelSnapshot(SortedMap<LockspaceName, KernelLockspace> lockspaces, SortedSet<NodeNumber> comms) {

    public KernelSnapshot {
        lockspaces = SortedArrayMap.copyOf(lockspaces);
        comms = SortedArraySet.copyOf(comms);
    }

    /** {@return a snapshot without lockspaces and comms} */
    public static KernelSnapshot empty() {
        return new KernelSnapshot(new TreeMap<>(Map.of()), new TreeSet<>());
    }
}
