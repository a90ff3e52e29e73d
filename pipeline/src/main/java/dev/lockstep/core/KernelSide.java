// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What this node's kernel does with one lockspace, as far as is known.
 *
 * @param present whether the kernel has it
 * @param run whether it runs
 * @param inFlight the mutation its lane executes now
 * @param started the highest epoch it was started under, in this kernel lockspace (rule 4f)
 * @param given the members of the last start; EMPTY before the first
 * @param processed the members that the kernel's recovery has taken in, or may have: those of the first start at once,
 *     whoever stood before a start that failed; else behind given until that start's recovery began
 * @param startedAtNs when the last start's write had returned
 * @param status recover_status as last read since then
 * @param polls the nodeid recovery last polled
 * @param recovered whether the last start's recovery was seen to end
 * @param stoppedByItself the kernel stopped without being told
 * @param forgotten whether the members are out of configfs (leave)
 * @param failures consecutive failed mutations
 * @param retryAtNs no mutation before this
 * @param lastError what failed last, empty if nothing
 */
public record KernelSide(
        boolean present,
        Run run,
        Optional<Mutation> inFlight,
        Epoch started,
        View given,
        View processed,
        long startedAtNs,
        int status,
        int polls,
        boolean recovered,
        boolean stoppedByItself,
        boolean forgotten,
        int failures,
        long retryAtNs,
        String lastError) {

    /** Whether a lockspace runs in the kernel. When in doubt, RUNNING. */
    public enum Run {
        /** Never started: the kernel bears lockspaces stopped. */
        BORN,
        /** Started, or being started, or not known to be stopped. */
        RUNNING,
        /** Our control = 0 has returned. */
        STOPPED
    }

    /** A lockspace the kernel has just created. */
    static final KernelSide CREATED = new KernelSide(
            true,
            Run.BORN,
            Optional.empty(),
            Epoch.NONE,
            View.EMPTY,
            View.EMPTY,
            0,
            0,
            0,
            false,
            false,
            false,
            0,
            0,
            "");

    /** Whether the lockspace may run, now or in a moment. */
    boolean mayRun() {
        return run == Run.RUNNING
                || inFlight.filter(m -> m instanceof Mutation.Start).isPresent();
    }

    /**
     * Members whose configfs entry is made anew by a start with {@code next}: at the first start all of them; later
     * those that left and came back since the kernel last took its members in, by boot or join, never by generation
     * alone. Whether it took in the last start's may be unknown, so those count as well: who came back since then has
     * no locks to lose.
     */
    SortedSet<NodeNumber> renewedFor(View next) {
        SortedSet<NodeNumber> renew = new TreeSet<>();
        for (Member member : next.members()) {
            boolean cameBack = cameBack(processed, member) || cameBack(given, member);
            if (processed.equals(View.EMPTY) || cameBack) {
                renew.add(member.node());
            }
        }
        return renew;
    }

    private static boolean cameBack(View before, Member member) {
        return before.member(member.node()).filter(m -> !m.sameJoin(member)).isPresent();
    }

    /** Whether the last start renewed members and its recovery, which takes them in, was not seen to begin. */
    boolean mayHaveRenewedUnseen() {
        return run == Run.RUNNING
                && failures == 0
                && status == 0
                && !renewedFor(given).isEmpty();
    }

    /**
     * From the first start on its members count as taken in, whether its recovery was seen to begin or not: that may be
     * long after the start, where a peer is out of reach, and between two looks. Were they not taken in, the kernel has
     * no member yet, and needs nobody renewed.
     */
    private View mayBeTakenIn(View firstGiven) {
        return processed.equals(View.EMPTY) ? firstGiven : processed;
    }

    /** A status other than 0 tells that the last start's members were taken in; whom that was may be unknown. */
    private View takenIn(int readStatus) {
        return readStatus > 0 && !given.equals(View.EMPTY) ? given : processed;
    }

    KernelSide withPresent(boolean nowPresent) {
        return new KernelSide(
                nowPresent,
                run,
                inFlight,
                started,
                given,
                processed,
                startedAtNs,
                status,
                polls,
                recovered,
                stoppedByItself,
                forgotten,
                failures,
                retryAtNs,
                lastError);
    }

    KernelSide withInFlight(Mutation mutation) {
        return new KernelSide(
                present,
                run,
                Optional.of(mutation),
                started,
                given,
                processed,
                startedAtNs,
                status,
                polls,
                recovered,
                stoppedByItself,
                forgotten,
                failures,
                retryAtNs,
                lastError);
    }

    KernelSide failed(String error, long retryAt) {
        return new KernelSide(
                present,
                run,
                Optional.empty(),
                started,
                given,
                processed,
                startedAtNs,
                status,
                polls,
                recovered,
                stoppedByItself,
                forgotten,
                failures + 1,
                retryAt,
                error);
    }

    KernelSide idle() {
        return new KernelSide(
                present,
                run,
                Optional.empty(),
                started,
                given,
                processed,
                startedAtNs,
                status,
                polls,
                recovered,
                stoppedByItself,
                forgotten,
                0,
                0,
                "");
    }

    /** Failures go on counting: every failed start stops all members, so the next must not come as soon. */
    KernelSide withStop(int statusBefore) {
        View taken = run == Run.RUNNING ? takenIn(statusBefore) : processed;
        return new KernelSide(
                present,
                Run.STOPPED,
                Optional.empty(),
                started,
                given,
                taken,
                startedAtNs,
                0,
                0,
                recovered,
                stoppedByItself,
                forgotten,
                failures,
                0,
                "");
    }

    KernelSide withStart(Epoch epoch, View view, long atNs) {
        return new KernelSide(
                present,
                Run.RUNNING,
                Optional.empty(),
                Epoch.max(started, epoch),
                view,
                mayBeTakenIn(view),
                atNs,
                0,
                0,
                false,
                false,
                false,
                0,
                0,
                "");
    }

    /**
     * A start was attempted and failed: its epoch is used up and the kernel may or may not run. Whom the start before
     * gave may stand in configfs still.
     */
    KernelSide withDoubtfulStart(Epoch epoch, View view) {
        View taken = mayBeTakenIn(view);
        List<Member> known = new ArrayList<>(taken.members());
        for (Member member : given.members()) {
            if (!taken.has(member.node())) {
                known.add(member);
            }
        }
        return new KernelSide(
                present,
                Run.RUNNING,
                inFlight,
                Epoch.max(started, epoch),
                view,
                View.of(known),
                startedAtNs,
                0,
                0,
                false,
                stoppedByItself,
                forgotten,
                failures,
                retryAtNs,
                lastError);
    }

    KernelSide withRecovery(int newStatus, int newPolls, boolean done) {
        return new KernelSide(
                present,
                run,
                inFlight,
                started,
                given,
                takenIn(newStatus),
                startedAtNs,
                newStatus,
                newPolls,
                recovered || done,
                stoppedByItself,
                forgotten,
                failures,
                retryAtNs,
                lastError);
    }

    KernelSide withStoppedByItself() {
        return new KernelSide(
                present,
                run,
                inFlight,
                started,
                given,
                processed,
                startedAtNs,
                0,
                0,
                recovered,
                true,
                forgotten,
                failures,
                retryAtNs,
                lastError);
    }

    KernelSide withForgotten() {
        return new KernelSide(
                present,
                run,
                Optional.empty(),
                started,
                given,
                processed,
                startedAtNs,
                status,
                polls,
                recovered,
                stoppedByItself,
                true,
                0,
                0,
                "");
    }

    KernelSide adopted(Run nowRun, Epoch epoch, View nowGiven, View nowProcessed, int nowStatus, boolean nowRecovered) {
        return new KernelSide(
                present,
                nowRun,
                inFlight,
                epoch,
                nowGiven,
                nowProcessed,
                startedAtNs,
                nowStatus,
                0,
                nowRecovered,
                stoppedByItself,
                forgotten,
                failures,
                retryAtNs,
                lastError);
    }
}
