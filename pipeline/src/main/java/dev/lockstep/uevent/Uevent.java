// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.uevent;

import dev.lockstep.domain.LockspaceName;

/**
 * A uevent of fs/dlm that matters here.
 *
 * @param action what happened
 * @param lockspace to which lockspace
 */
public record Uevent(Action action, LockspaceName lockspace) {

    /** The actions fs/dlm sends for /kernel/dlm/NAME. Only ONLINE and OFFLINE want an answer. */
    public enum Action {
        /** The lockspace's directory appeared. */
        ADD,
        /** A create waits for event_done. */
        ONLINE,
        /** A release waits for event_done. */
        OFFLINE,
        /** The lockspace is freed. */
        REMOVE
    }
}
