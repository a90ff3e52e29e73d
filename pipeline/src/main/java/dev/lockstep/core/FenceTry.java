// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.FenceAttempt;

/**
 * What this node's own fence command does about one life of a peer.
 *
 * @param attempt as the own report shows it
 * @param stage where it stands here
 * @param sinceNs since when
 * @param retryAtNs after a failure: no further attempt before this
 * @param error what the command said when it failed, for people
 */
record FenceTry(FenceAttempt attempt, Stage stage, long sinceNs, long retryAtNs, String error) {

    /** Where an attempt stands on the node that makes it. */
    enum Stage {
        /** It is to be on the board before the command runs. */
        ANNOUNCED,
        /** The command runs. */
        ORDERED,
        /** Found RUNNING in the own report: the command of the agent before this one may run still. */
        INHERITED,
        /** It failed. */
        FAILED
    }

    private static final long FIRST_BACKOFF_NS = 5_000_000_000L;
    private static final int MAX_DOUBLINGS = 4;

    static FenceTry announced(FenceAttempt attempt, long nowNs) {
        return new FenceTry(attempt, Stage.ANNOUNCED, nowNs, 0, "");
    }

    /** What the own report of before the agent's start tells. */
    static FenceTry inherited(FenceAttempt attempt, long nowNs) {
        return attempt.status() == FenceAttempt.Status.RUNNING
                ? new FenceTry(attempt, Stage.INHERITED, nowNs, 0, "")
                : new FenceTry(attempt, Stage.FAILED, nowNs, nowNs + backoffNs(attempt.count()), "");
    }

    FenceTry ordered(long nowNs) {
        return new FenceTry(attempt, Stage.ORDERED, nowNs, 0, "");
    }

    FenceTry failed(int exit, String why, long nowNs) {
        FenceAttempt failed = new FenceAttempt(
                attempt.node(),
                attempt.boot(),
                attempt.generation(),
                FenceAttempt.Status.FAILED,
                attempt.count(),
                exit);
        return new FenceTry(failed, Stage.FAILED, nowNs, nowNs + backoffNs(attempt.count()), why);
    }

    private static long backoffNs(int count) {
        return FIRST_BACKOFF_NS << Math.min(count - 1, MAX_DOUBLINGS);
    }
}
