// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.RegionId;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import java.util.List;
import java.util.Optional;

/**
 * What ran by a region that is not there when the agent starts. It may still come: until then nothing is known of its
 * members, and its release is told nobody, while the peers wait for LEAVING. If it does not come, it was taken away
 * under its lockspace while no agent ran, and this node must go (section 8): well before the peers may take it for
 * dead, since a region that is stopped in good order fences nobody, even if its last word did not reach the disk.
 */
final class LostGuard {
    private static final long LONGEST_WAIT_NS = 60_000_000_000L;

    private LostGuard() {}

    /** {@return the region that a lockspace found in the kernel ran by, if nobody has announced it} */
    static Optional<RegionId> of(State state, LockspaceState lockspace) {
        KernelSide kernel = lockspace.kernel();
        Memory.OfLockspace known = state.memory().lockspaces().get(lockspace.name());
        if (known == null
                || lockspace.guard().isPresent()
                || lockspace.uncontrolled()
                || kernel.run() == KernelSide.Run.BORN
                || kernel.forgotten()) {
            return Optional.empty();
        }
        return known.guard().filter(guard -> !state.regions().containsKey(guard));
    }

    /** {@return why this node must go, if such a region did not come in time} */
    static Optional<String> whyMustGo(State state, Due due) {
        for (LockspaceState lockspace : state.lockspaces().values()) {
            Optional<RegionId> guard = of(state, lockspace);
            long waitNs = longestWaitNs(state.facts());
            if (guard.isPresent() && due.reached(lockspace.phaseSinceNs() + waitNs)) {
                return Optional.of("region " + guard.get() + " did not come back under its lockspace "
                        + lockspace.name() + " within " + waitNs / 1_000_000 + " ms");
            }
        }
        return Optional.empty();
    }

    private static long longestWaitNs(ClusterFacts facts) {
        return Math.min(LONGEST_WAIT_NS, facts.deadThreshold() * facts.periodNs() / 2);
    }

    static List<Reason> waits(Draft draft, LockspaceState lockspace, RegionId guard) {
        KernelSide kernel = lockspace.kernel();
        Optional<String> mustGo = draft.state().mustGo();
        if (mustGo.isEmpty()) {
            return List.of(draft.reason(ReasonCode.REGION_STARTING, "it ran by region " + guard));
        }
        if (kernel.run() == KernelSide.Run.RUNNING
                && kernel.inFlight().isEmpty()
                && draft.due().reached(kernel.retryAtNs())) {
            draft.mutate(new Mutation.Stop(lockspace.name(), "this node must go"));
        }
        return List.of(draft.reason(ReasonCode.MUST_GO, mustGo.get()));
    }
}
