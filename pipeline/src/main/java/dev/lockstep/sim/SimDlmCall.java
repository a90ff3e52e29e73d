// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.uevent.Uevent;

/** A program's call to create or release a lockspace; it sleeps in the simulated kernel until it returns. */
public final class SimDlmCall {

    /** Where a call stands. */
    public enum Stage {
        /** Waits for another create or release on this node to return: they share one mutex. */
        QUEUED,
        /** The uevent was sent, event_done not written yet. */
        UNANSWERED,
        /** A create that was answered and waits for its first recovery. */
        RECOVERING,
        /** The release of this node's last lockspace was answered and waits for those who still have it as a member. */
        CLOSING,
        /** Returned. */
        RETURNED
    }

    private final String given;
    private final Uevent.Action question;
    private final boolean exclusive;
    private volatile Stage stage = Stage.QUEUED;
    private volatile int result;

    SimDlmCall(String given, Uevent.Action question, boolean exclusive) {
        this.given = given;
        this.question = question;
        this.exclusive = exclusive;
    }

    /** {@return which lockspace, by the name of its directory} */
    public LockspaceName lockspace() {
        return new LockspaceName(given.replace('/', '!'));
    }

    /** The name as the program gave it. */
    String given() {
        return given;
    }

    /** Whether a create fails where the lockspace is there. */
    boolean exclusive() {
        return exclusive;
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
