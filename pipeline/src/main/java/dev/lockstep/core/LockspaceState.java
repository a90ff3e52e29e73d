// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.domain.ViewDigest;
import dev.lockstep.reason.Reason;
import dev.lockstep.uevent.Uevent;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one lockspace on this node.
 *
 * @param name the lockspace
 * @param createdNs since when it is known
 * @param guard the region that decides its liveness; empty before admission
 * @param unanswered the uevent a task waits on
 * @param board what the board of that region says of it, or is about to
 * @param provisional after an agent restart: the own last view's members count as live under its generations until a
 *     sample says otherwise (rule 1)
 * @param uncontrolled the kernel runs it, and neither board nor memory know it: stopped and kept so
 * @param kernel what the kernel does
 * @param reasons why it waits
 */
public record LockspaceState(
        LockspaceName name,
        long createdNs,
        Optional<RegionId> guard,
        Optional<Uevent.Action> unanswered,
        BoardSide board,
        boolean provisional,
        boolean uncontrolled,
        KernelSide kernel,
        List<Reason> reasons) {

    public LockspaceState {
        reasons = List.copyOf(reasons);
    }

    /**
     * What the board says of a lockspace, or is about to.
     *
     * @param phase empty while ABSENT there
     * @param join the own join, or while ABSENT the last that is known; empty before the first
     * @param epoch the epoch of the phase
     * @param view the view of that epoch
     * @param sinceNs since when; of a refused create, since it was refused
     * @param publishedNs when the phase, epoch and view were known to be on the board; -1 before
     */
    public record BoardSide(
            Optional<Phase> phase, Optional<JoinNumber> join, Epoch epoch, View view, long sinceNs, long publishedNs) {

        static BoardSide absent(long sinceNs) {
            return new BoardSide(Optional.empty(), Optional.empty(), Epoch.NONE, View.EMPTY, sinceNs, -1);
        }

        BoardSide refusedAt(long atNs) {
            return new BoardSide(Optional.empty(), join, epoch, view, atNs, publishedNs);
        }

        BoardSide publishedAt(long atNs) {
            return new BoardSide(phase, join, epoch, view, sinceNs, atNs);
        }
    }

    static LockspaceState created(LockspaceName name, Optional<Uevent.Action> unanswered, long atNs) {
        return new LockspaceState(
                name,
                atNs,
                Optional.empty(),
                unanswered,
                BoardSide.absent(atNs),
                false,
                false,
                KernelSide.CREATED,
                List.of());
    }

    /** {@return what is, or is about to be, on the board; empty while ABSENT there} */
    public Optional<Phase> phase() {
        return board.phase();
    }

    /** {@return the own join, or while ABSENT the last that is known; empty before the first} */
    public Optional<JoinNumber> join() {
        return board.join();
    }

    /** {@return the epoch of the phase} */
    public Epoch epoch() {
        return board.epoch();
    }

    /** {@return the view of that epoch} */
    public View view() {
        return board.view();
    }

    /** {@return since when it is in that phase; of a refused create, since it was refused} */
    public long phaseSinceNs() {
        return board.sinceNs();
    }

    /** {@return when the phase, epoch and view were known to be on the board; -1 before} */
    public long publishedNs() {
        return board.publishedNs();
    }

    boolean in(Phase which) {
        return phase().isPresent() && phase().get() == which;
    }

    boolean asks(Uevent.Action question) {
        return unanswered.isPresent() && unanswered.get() == question;
    }

    /** The lockspace's entry in the own report; empty while ABSENT. */
    Optional<LockspaceEntry> entry() {
        if (phase().isEmpty() || join().isEmpty()) {
            return Optional.empty();
        }
        ViewDigest digest = in(Phase.JOINING) ? ViewDigest.NONE : view().digest();
        return Optional.of(new LockspaceEntry(name, join().get(), phase().get(), epoch(), digest, view().nodes()));
    }

    /** The one transition of phase, epoch and view. */
    LockspaceState moved(
            Optional<RegionId> newGuard,
            Optional<Phase> newPhase,
            Epoch newEpoch,
            View newView,
            JoinNumber newJoin,
            long atNs) {
        BoardSide moved = new BoardSide(newPhase, Optional.of(newJoin), newEpoch, newView, atNs, -1);
        return new LockspaceState(
                name, createdNs, newGuard, unanswered, moved, provisional, uncontrolled, kernel, reasons);
    }

    /** The next join goes by a higher number: this one is a predecessor's of that name. */
    LockspaceState joinedBefore(JoinNumber last) {
        return moved(guard, Optional.empty(), Epoch.NONE, View.EMPTY, last, phaseSinceNs());
    }

    LockspaceState withUnanswered(Optional<Uevent.Action> question) {
        return new LockspaceState(name, createdNs, guard, question, board, provisional, uncontrolled, kernel, reasons);
    }

    /** It never ran and holds nothing: what its board says of it, if anything, is over. */
    LockspaceState refusedAt(long atNs) {
        return with(board.refusedAt(atNs));
    }

    /** A create that was answered and not let in: the kernel is about to drop it. */
    boolean isRefused() {
        return phase().isEmpty()
                && unanswered.isEmpty()
                && kernel.run() == KernelSide.Run.BORN
                && kernel.inFlight().isEmpty();
    }

    LockspaceState withKernel(KernelSide newKernel) {
        return new LockspaceState(
                name, createdNs, guard, unanswered, board, provisional, uncontrolled, newKernel, reasons);
    }

    LockspaceState withPublishedNs(long atNs) {
        return with(board.publishedAt(atNs));
    }

    private LockspaceState with(BoardSide newBoard) {
        return new LockspaceState(
                name, createdNs, guard, unanswered, newBoard, provisional, uncontrolled, kernel, reasons);
    }

    LockspaceState withReasons(List<Reason> newReasons) {
        return new LockspaceState(
                name, createdNs, guard, unanswered, board, provisional, uncontrolled, kernel, newReasons);
    }

    LockspaceState withProvisional() {
        return new LockspaceState(name, createdNs, guard, unanswered, board, true, uncontrolled, kernel, reasons);
    }

    LockspaceState withUncontrolled() {
        return new LockspaceState(name, createdNs, guard, unanswered, board, provisional, true, kernel, reasons);
    }
}
