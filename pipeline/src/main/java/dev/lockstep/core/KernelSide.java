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
 * @param membership whom it was started with
 * @param recovery how far the last start's recovery is
 * @param stoppedByItself the kernel stopped without being told
 * @param forgotten whether the members are out of configfs (leave)
 * @param setbacks how its mutations failed
 */
public record KernelSide(
        boolean present,
        Run run,
        Optional<Mutation> inFlight,
        Membership membership,
        Recovery recovery,
        boolean stoppedByItself,
        boolean forgotten,
        Setbacks setbacks) {

    /** Whether a lockspace runs in the kernel. When in doubt, RUNNING. */
    public enum Run {
        /** Never started: the kernel bears lockspaces stopped. */
        BORN,
        /** Started, or being started, or not known to be stopped. */
        RUNNING,
        /** Our control = 0 has returned. */
        STOPPED
    }

    /**
     * Whom a lockspace was started with.
     *
     * @param started the highest epoch it was started under, in this kernel lockspace (rule 4f)
     * @param given the members of the last start; EMPTY before the first
     * @param processed the members that the kernel's recovery has taken in, or may have: those of the first start at
     *     once, whoever stood before a start that failed; else behind given until that start's recovery began
     * @param startedAtNs when the last start's write had returned
     */
    public record Membership(Epoch started, View given, View processed, long startedAtNs) {
        static final Membership NONE = new Membership(Epoch.NONE, View.EMPTY, View.EMPTY, 0);

        /**
         * From the first start on its members count as taken in, whether its recovery was seen to begin or not: that
         * may be long after the start, where a peer is out of reach, and between two looks. Were they not taken in, the
         * kernel has no member yet, and needs nobody renewed.
         */
        private View mayBeTakenIn(View firstGiven) {
            return processed.equals(View.EMPTY) ? firstGiven : processed;
        }

        /** A status other than 0 tells that the last start's members were taken in; whom that was may be unknown. */
        Membership takenIn(int readStatus) {
            return readStatus > 0 && !given.equals(View.EMPTY)
                    ? new Membership(started, given, given, startedAtNs)
                    : this;
        }

        Membership with(Epoch epoch, View view, long atNs) {
            return new Membership(Epoch.max(started, epoch), view, mayBeTakenIn(view), atNs);
        }

        /** Whom the start before gave may stand in configfs still. */
        Membership withDoubtful(Epoch epoch, View view) {
            View taken = mayBeTakenIn(view);
            List<Member> known = new ArrayList<>(taken.members());
            for (Member member : given.members()) {
                if (!taken.has(member.node())) {
                    known.add(member);
                }
            }
            return new Membership(Epoch.max(started, epoch), view, View.of(known), startedAtNs);
        }
    }

    /**
     * How far the last start's recovery is.
     *
     * @param status recover_status as last read since then
     * @param polls the nodeid recovery last polled
     * @param done whether it was seen to end
     */
    public record Recovery(int status, int polls, boolean done) {
        static final Recovery NONE = new Recovery(0, 0, false);

        Recovery ofNone() {
            return new Recovery(0, 0, done);
        }
    }

    /**
     * How its mutations failed.
     *
     * @param failures consecutive failed mutations
     * @param retryAtNs no mutation before this
     * @param lastError what failed last, empty if nothing
     */
    public record Setbacks(int failures, long retryAtNs, String lastError) {
        static final Setbacks NONE = new Setbacks(0, 0, "");
    }

    /** A lockspace the kernel has just created. */
    static final KernelSide CREATED = new KernelSide(
            true, Run.BORN, Optional.empty(), Membership.NONE, Recovery.NONE, false, false, Setbacks.NONE);

    /** {@return the highest epoch it was started under} */
    public Epoch started() {
        return membership.started();
    }

    /** {@return the members of the last start} */
    public View given() {
        return membership.given();
    }

    /** {@return the members that the kernel's recovery has taken in, or may have} */
    public View processed() {
        return membership.processed();
    }

    /** {@return when the last start's write had returned} */
    public long startedAtNs() {
        return membership.startedAtNs();
    }

    /** {@return recover_status as last read since the last start} */
    public int status() {
        return recovery.status();
    }

    /** {@return the nodeid recovery last polled} */
    public int polls() {
        return recovery.polls();
    }

    /** {@return whether the last start's recovery was seen to end} */
    public boolean recovered() {
        return recovery.done();
    }

    /** {@return how many mutations failed one after the other} */
    public int failures() {
        return setbacks.failures();
    }

    /** {@return no mutation before this} */
    public long retryAtNs() {
        return setbacks.retryAtNs();
    }

    /** {@return what failed last, empty if nothing} */
    public String lastError() {
        return setbacks.lastError();
    }

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
            boolean cameBack = cameBack(processed(), member) || cameBack(given(), member);
            if (processed().equals(View.EMPTY) || cameBack) {
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
                && failures() == 0
                && status() == 0
                && !renewedFor(given()).isEmpty();
    }

    KernelSide withPresent(boolean nowPresent) {
        return new KernelSide(nowPresent, run, inFlight, membership, recovery, stoppedByItself, forgotten, setbacks);
    }

    KernelSide withInFlight(Mutation mutation) {
        return new KernelSide(
                present, run, Optional.of(mutation), membership, recovery, stoppedByItself, forgotten, setbacks);
    }

    KernelSide failed(String error, long retryAt) {
        return landed(new Setbacks(failures() + 1, retryAt, error));
    }

    KernelSide idle() {
        return landed(Setbacks.NONE);
    }

    /** The mutation in flight is over. */
    private KernelSide landed(Setbacks now) {
        return new KernelSide(present, run, Optional.empty(), membership, recovery, stoppedByItself, forgotten, now);
    }

    /** Failures go on counting: every failed start stops all members, so the next must not come as soon. */
    KernelSide withStop(int statusBefore) {
        return new KernelSide(
                present,
                Run.STOPPED,
                Optional.empty(),
                run == Run.RUNNING ? membership.takenIn(statusBefore) : membership,
                recovery.ofNone(),
                stoppedByItself,
                forgotten,
                new Setbacks(failures(), 0, ""));
    }

    KernelSide withStart(Epoch epoch, View view, long atNs) {
        return new KernelSide(
                present,
                Run.RUNNING,
                Optional.empty(),
                membership.with(epoch, view, atNs),
                Recovery.NONE,
                false,
                false,
                Setbacks.NONE);
    }

    /** A start was attempted and failed: its epoch is used up and the kernel may or may not run. */
    KernelSide withDoubtfulStart(Epoch epoch, View view) {
        return new KernelSide(
                present,
                Run.RUNNING,
                inFlight,
                membership.withDoubtful(epoch, view),
                Recovery.NONE,
                stoppedByItself,
                forgotten,
                setbacks);
    }

    KernelSide withRecovery(int newStatus, int newPolls, boolean done) {
        return new KernelSide(
                present,
                run,
                inFlight,
                membership.takenIn(newStatus),
                new Recovery(newStatus, newPolls, recovered() || done),
                stoppedByItself,
                forgotten,
                setbacks);
    }

    KernelSide withStoppedByItself() {
        return new KernelSide(present, run, inFlight, membership, recovery.ofNone(), true, forgotten, setbacks);
    }

    KernelSide withForgotten() {
        return new KernelSide(
                present, run, Optional.empty(), membership, recovery, stoppedByItself, true, Setbacks.NONE);
    }

    /** As an agent finds it that starts. */
    KernelSide adopted(Run nowRun, Epoch epoch, View nowGiven, View nowProcessed, int nowStatus, boolean nowRecovered) {
        return new KernelSide(
                present,
                nowRun,
                inFlight,
                new Membership(epoch, nowGiven, nowProcessed, startedAtNs()),
                new Recovery(nowStatus, 0, nowRecovered),
                stoppedByItself,
                forgotten,
                setbacks);
    }
}
