// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.uevent.Uevent;

/** A program's call to create or release a lockspace; it sleeps in the simulated kernel until it returns. */
public final class SimDlmCall {

    /** Where a call stands. */
    public enum Stage {
        /** Waits for another create on this node to return: they share one mutex. */
        QUEUED,
        /** The uevent was sent, event_done not written yet. */
        UNANSWERED,
        /** A create that was answered and waits for its first recovery. */
        RECOVERING,
        /** Returned. */
        RETURNED
    }

    private final LockspaceName lockspace;
    private final Uevent.Action question;
    private volatile Stage stage = Stage.QUEUED;
    private volatile int result;

    SimDlmCall(LockspaceName lockspace, Uevent.Action question) {
        this.lockspace = lockspace;
        this.question = question;
    }

    /** {@return which lockspace} */
    public LockspaceName lockspace() {
        return lockspace;
    }

    /** {@return ONLINE for a create, OFFLINE for a release} */
    public Uevent.Action question() {
        return question;
    }

    /** {@return where it stands} */
    public Stage stage() {
        return stage;
    }

    /** {@return whether it returned 0} */
    public boolean succeeded() {
        return stage == Stage.RETURNED && result == 0;
    }

    /** {@return 0 or a negative errno; only of meaning once it returned} */
    public int result() {
        return result;
    }

    void at(Stage now) {
        stage = now;
    }

    void returned(int value) {
        result = value;
        stage = Stage.RETURNED;
    }
}
