// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.uevent.Uevent;

/** Whether a task of this node waits for event_done. At most one can: the kernel's ls_lock is held meanwhile. */
public sealed interface UnansweredDecision {

    /** No task waits. */
    record Nobody() implements UnansweredDecision {}

    /**
     * A task waits.
     *
     * @param lockspace whose event_done it waits for
     * @param question ONLINE or OFFLINE
     */
    record Waits(LockspaceName lockspace, Uevent.Action question) implements UnansweredDecision {}

    /**
     * A task waits, but several lockspaces may be meant. A wrong answer would let another wait pass, so none is given.
     *
     * @param why what is ambiguous
     */
    record Undecidable(String why) implements UnansweredDecision {}
}
