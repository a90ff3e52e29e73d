// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.evidence.Decision;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.sorted.SortedArraySet;
import dev.lockstep.uevent.Uevent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** What one lockspace with a known guard region needs next: a decision, a mutation, or a reason to wait. */
final class LockspacePlan {

    /**
     * How long a stop waits to see the recovery begin of a start that renewed members. The kernel begins it at once;
     * were it stopped unseen and the agent killed, no successor could tell whether to renew those members again.
     */
    private static final long RECOVERY_BEGINS_NS = 500_000_000L;

    private final Draft draft;
    private final State state;
    private final RegionState region;
    private final LockspaceState lockspace;
    private final KernelSide kernel;

    private LockspacePlan(Draft draft, RegionState region, LockspaceState lockspace) {
        this.draft = draft;
        this.state = draft.state();
        this.region = region;
        this.lockspace = lockspace;
        this.kernel = lockspace.kernel();
    }

    static void plan(Draft draft, RegionState region, LockspaceState lockspace) {
        int decided = draft.decisions().size();
        List<Reason> reasons = new LockspacePlan(draft, region, lockspace).reasons();
        if (draft.decisions().size() == decided) {
            draft.waits(lockspace, reasons);
        }
    }

    private List<Reason> reasons() {
        if (kernel.inFlight().isPresent()) {
            return List.of(draft.reason(
                    ReasonCode.KERNEL_WRITE_PENDING, what(kernel.inFlight().get())));
        }
        if (!draft.due().reached(kernel.retryAtNs())) {
            return List.of(draft.reason(ReasonCode.KERNEL_WRITE_FAILED, kernel.lastError()));
        }
        if (state.mustGo().isPresent()) {
            return mustGo();
        }
        if (lockspace.uncontrolled()) {
            return uncontrolled();
        }
        if (lockspace.phase().isEmpty()) {
            return absent();
        }
        return switch (lockspace.phase().get()) {
            case JOINING -> joining();
            case STOPPED -> stopped();
            case STARTED -> started();
            case LEAVING -> leaving();
        };
    }

    private static String what(Mutation mutation) {
        return mutation.getClass().getSimpleName();
    }

    private List<Reason> mustGo() {
        if (kernel.run() == KernelSide.Run.RUNNING) {
            draft.mutate(new Mutation.Stop(lockspace.name(), "this node must go"));
        }
        Reason go = draft.reason(ReasonCode.MUST_GO, state.mustGo().orElse(""));
        if (state.regions().values().stream().noneMatch(RegionState::duplicate)) {
            return List.of(go);
        }
        NodeNumber self = state.facts().self();
        return List.of(draft.reason(ReasonCode.DUPLICATE_NODE, List.of(self), "it writes this node's report"), go);
    }

    /** The kernel runs it and nobody knows how it came to be: it stays stopped until it is released. */
    private List<Reason> uncontrolled() {
        if (kernel.run() == KernelSide.Run.RUNNING) {
            draft.mutate(new Mutation.Stop(lockspace.name(), "nobody knows its members"));
        } else if (lockspace.asks(Uevent.Action.OFFLINE)) {
            release();
        }
        return List.of(draft.reason(
                ReasonCode.UNCONTROLLED,
                "found in the kernel, its members on no board and in no memory; release it or reset"));
    }

    private List<Reason> absent() {
        boolean creates = kernel.run() == KernelSide.Run.BORN && lockspace.asks(Uevent.Action.ONLINE);
        if (creates && !region.present() && !region.recalled()) {
            return Admission.withoutRegion(draft, region, lockspace);
        }
        boolean unclaimed = kernel.run() == KernelSide.Run.RUNNING; // until every board says that it is on none
        if (!region.recalled() || unclaimed) {
            return waitingForBoard();
        }
        if (lockspace.asks(Uevent.Action.OFFLINE)) {
            release();
            return List.of();
        }
        if (!lockspace.asks(Uevent.Action.ONLINE)) {
            return kernel.present()
                    ? List.of(draft.reason(ReasonCode.RELEASE_RUNNING, "the kernel cleans up"))
                    : List.of();
        }
        return Admission.plan(draft, region, lockspace);
    }

    private List<Reason> waitingForBoard() {
        if (!region.present()) {
            return List.of(draft.reason(ReasonCode.REGION_STARTING, region.trouble()));
        }
        return region.hasBoard()
                ? List.of(draft.reason(
                        ReasonCode.BOARD_UNREAD, List.of(state.facts().self()), region.trouble()))
                : List.of(draft.reason(ReasonCode.NO_BOARD, region.trouble()));
    }

    private List<Reason> joining() {
        if (lockspace.asks(Uevent.Action.OFFLINE)) {
            return startLeaving();
        }
        if (lockspace.publishedNs() < 0) {
            return List.of(draft.reason(ReasonCode.REPORT_UNPUBLISHED, region.trouble()));
        }
        Optional<View> candidate = Candidate.of(state, region, lockspace);
        if (candidate.isEmpty()) {
            return noCandidate();
        }
        Epochs.next(state, region, lockspace, candidate.get()).ifPresent(this::moveToStopped);
        return List.of();
    }

    private List<Reason> stopped() {
        if (kernel.run() == KernelSide.Run.RUNNING) {
            return runningWhileStopped();
        }
        if (lockspace.asks(Uevent.Action.OFFLINE) || kernel.forgotten()) {
            return startLeaving(); // what was let go without a guard is not taken back when the guard comes
        }
        Optional<View> candidate = Candidate.of(state, region, lockspace);
        if (candidate.isEmpty()) {
            return noCandidate();
        }
        Optional<Epochs.Next> next = Epochs.next(state, region, lockspace, candidate.get());
        if (next.isPresent()) {
            moveToStopped(next.get()); // rule 5: another candidate needs another epoch
            return List.of();
        }
        List<Reason> waits = StartGate.reasons(draft, region, lockspace);
        if (!waits.isEmpty()) {
            return waits;
        }
        Optional<Epochs.Next> unused = Epochs.insteadOfUsed(state, region, lockspace);
        if (unused.isPresent()) {
            moveToStopped(unused.get());
        } else {
            draft.mutate(new Mutation.Start(lockspace.name(), lockspace.epoch(), lockspace.view(), renew()));
        }
        return List.of();
    }

    /** After a start: STARTED. After a start that failed, or an agent restart: stop first, then a new epoch. */
    private List<Reason> runningWhileStopped() {
        boolean startedWell = kernel.failures() == 0
                && kernel.started().equals(lockspace.epoch())
                && kernel.given().equals(lockspace.view())
                && lockspace.publishedNs() >= 0;
        if (startedWell) {
            move(Phase.STARTED, lockspace.epoch(), lockspace.view(), "started");
        } else {
            draft.mutate(new Mutation.Stop(lockspace.name(), "rule 10: no epoch is resumed"));
        }
        return List.of();
    }

    private List<Reason> started() {
        if (lockspace.asks(Uevent.Action.ONLINE)) {
            draft.mutate(new Mutation.Answer(lockspace.name(), Uevent.Action.ONLINE, 0));
            return List.of();
        }
        boolean running = kernel.run() == KernelSide.Run.RUNNING;
        if (lockspace.asks(Uevent.Action.OFFLINE)) {
            return running ? stop("it is released here") : startLeaving();
        }
        Optional<View> candidate = Candidate.of(state, region, lockspace);
        if (candidate.isEmpty()) {
            boolean lost = region.slot(state.facts().self()).status() == SlotState.Status.DOWN;
            return lost && running ? stop("this node's own heartbeat session ended") : quietOr(noCandidate(), running);
        }
        Optional<Epochs.Next> next = Epochs.next(state, region, lockspace, candidate.get());
        if (next.isPresent()) {
            if (running) {
                return stop(next.get().why());
            }
            moveToStopped(next.get());
            return List.of();
        }
        List<Reason> waits = new ArrayList<>(SplitVerdict.reasons(draft, region)); // its locks may hang
        if (!kernel.recovered()) {
            waits.add(0, recovering());
        }
        return waits;
    }

    /** What runs waits for nothing but its recovery, unless it must be stopped and lacks a candidate for that. */
    private List<Reason> quietOr(List<Reason> waits, boolean running) {
        if (!running || aMemberIsGone()) {
            return waits;
        }
        return kernel.recovered() ? List.of() : List.of(recovering());
    }

    private boolean aMemberIsGone() {
        for (Member member : lockspace.view().members()) {
            NodeNumber node = member.node();
            Optional<LockspaceEntry> entry = region.entry(node, lockspace.name());
            boolean goesOn = entry.isPresent()
                    && entry.get().phase() != Phase.LEAVING
                    && !entry.get().epoch().isAfter(lockspace.epoch());
            boolean gone = region.slot(node).status() == SlotState.Status.DOWN
                    || state.evicted(node, member.boot())
                    || (region.block(node).read() && !goesOn);
            if (gone && !node.equals(state.facts().self())) {
                return true;
            }
        }
        return false;
    }

    private List<Reason> stop(String why) {
        if (kernel.mayHaveRenewedUnseen() && !draft.due().reached(kernel.startedAtNs() + RECOVERY_BEGINS_NS)) {
            return List.of(draft.reason(ReasonCode.RECOVERY_RUNNING, "not seen to begin; stopped as soon as it is"));
        }
        draft.mutate(new Mutation.Stop(lockspace.name(), why));
        return List.of();
    }

    private Reason recovering() {
        SortedArraySet<NodeNumber> polled = SortedArraySet.empty();
        int number = kernel.polls() - state.facts().nodeidOffset();
        if (kernel.polls() > 0 && number >= 0 && number <= NodeNumber.MAX) {
            polled = polled.with(new NodeNumber(number));
        }
        return draft.reason(
                ReasonCode.RECOVERY_RUNNING, polled, "recover_status " + Integer.toHexString(kernel.status()));
    }

    /** Rule 2: a leaver opens an epoch, too, so that nobody starts while its kernel still runs. */
    private List<Reason> startLeaving() {
        if (kernel.run() == KernelSide.Run.RUNNING) {
            return stop("it is released here");
        }
        Epoch epoch = Epochs.fresh(state, region, lockspace);
        move(Phase.LEAVING, epoch, lockspace.view(), "released here");
        return List.of();
    }

    private List<Reason> leaving() {
        if (kernel.run() == KernelSide.Run.RUNNING) {
            return stop("it is released here");
        }
        if (lockspace.publishedNs() < 0) {
            return List.of(draft.reason(ReasonCode.REPORT_UNPUBLISHED, region.trouble()));
        }
        if (lockspace.asks(Uevent.Action.OFFLINE)) {
            release();
            return List.of();
        }
        return kernel.present() ? List.of(draft.reason(ReasonCode.RELEASE_RUNNING, "")) : List.of();
    }

    /** Members out of configfs first, then the one answer. */
    private void release() {
        if (kernel.forgotten()) {
            draft.mutate(new Mutation.Answer(lockspace.name(), Uevent.Action.OFFLINE, 0));
        } else {
            draft.mutate(new Mutation.ForgetMembers(lockspace.name()));
        }
    }

    private List<Reason> noCandidate() {
        SortedSet<NodeNumber> unread = Candidate.unread(state, region, lockspace);
        return unread.isEmpty()
                ? List.of(draft.reason(ReasonCode.OWN_HEARTBEAT_UNSEEN, region.trouble()))
                : List.of(draft.reason(ReasonCode.BOARD_UNREAD, unread, region.trouble()));
    }

    private void moveToStopped(Epochs.Next next) {
        move(Phase.STOPPED, next.epoch(), next.view(), next.why());
    }

    private void move(Phase phase, Epoch epoch, View view, String why) {
        JoinNumber join = lockspace.join().orElseThrow();
        draft.decide(new Decision.Move(
                lockspace.name(), Optional.of(region.id()), Optional.of(phase), epoch, view, join, why));
    }

    private SortedSet<NodeNumber> renew() {
        return kernel.renewedFor(lockspace.view());
    }
}
