// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.event.LogEvent;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Section 10: an agent takes over from its predecessor. The kernel, the own report and the memory, in that order. */
final class Recall {

    private Recall() {}

    /** The kernel as it runs, before any board was read. */
    static void started(Turn turn, Evidence.Started started) {
        State state = turn.state().withStart(started.memory());
        NodeSide node = NodeSide.EMPTY;
        for (NodeNumber peer : started.kernel().comms()) {
            BootId boot = started.memory().comms().get(peer);
            node = boot == null ? node.withStray(peer) : node.added(peer, boot);
        }
        state = state.with(node);
        for (KernelLockspace found : started.kernel().lockspaces().values()) {
            LockspaceState lockspace = LockspaceState.created(found.name(), found.unanswered(), started.atNs());
            boolean born = found.globalId() == 0 && found.recoverStatus() == 0;
            if (!born) {
                lockspace = lockspace.withKernel(adopt(state.facts(), started.memory(), found));
            }
            state = state.with(lockspace);
        }
        turn.state(state);
        turn.dirtyAll();
    }

    private static KernelSide adopt(ClusterFacts facts, Memory memory, KernelLockspace found) {
        Memory.OfLockspace known = memory.lockspaces().get(found.name());
        if (known == null) {
            return KernelSide.CREATED.adopted(
                    KernelSide.Run.RUNNING, Epoch.NONE, View.EMPTY, View.EMPTY, found.recoverStatus(), false);
        }
        // A kernel that runs was given the remembered view, and a status other than 0 says that it took it in.
        View processed = found.recoverStatus() != 0 ? known.view() : known.processed();
        View given = sameMembers(facts, found, known.view()) ? known.view() : View.EMPTY;
        boolean recovered = ObserveKernel.done(facts, given, found.recoverStatus());
        return KernelSide.CREATED.adopted(
                KernelSide.Run.RUNNING, known.epoch(), given, processed, found.recoverStatus(), recovered);
    }

    /** The own block of a region was read for the first time since the agent started. */
    static void region(Turn turn, RegionState region) {
        if (!region.block(turn.state().facts().self()).read()) {
            return; // unreadable: nothing is said, and nothing starts, before it was read
        }
        Optional<Report> own = region.report(turn.state().facts().self());
        RegionState recalled = region.withRecalled();
        if (own.isPresent()) {
            Report report = own.get();
            boolean sameBoot = report.boot().equals(turn.state().facts().boot());
            turn.state(turn.state().withFloor(report.floor()));
            report.evictions().forEach(e -> turn.state(turn.state().withEviction(e))); // rule 9
            if (sameBoot) {
                recalled = recalled.withSubmitted(report)
                        .withPublished(own, turn.state().nowNs());
                if (report.mustGo()) {
                    turn.state(turn.state().withMustGo("its own report on the board says so"));
                }
            }
            for (LockspaceEntry entry : report.lockspaces()) {
                turn.state(turn.state().withFloor(sameBoot ? Epoch.NONE : entry.epoch()));
                if (sameBoot) {
                    entry(turn, recalled, report, entry);
                }
            }
        }
        turn.state(turn.state().with(recalled));
        uncontrolled(turn);
        turn.dirtyAll();
    }

    private static void entry(Turn turn, RegionState region, Report report, LockspaceEntry entry) {
        LockspaceState lockspace = turn.state().lockspaces().get(entry.name());
        boolean recreated = lockspace != null
                && lockspace.kernel().run() == KernelSide.Run.BORN
                && (entry.phase() == Phase.STARTED || entry.phase() == Phase.LEAVING);
        if (lockspace == null || lockspace.phase().isPresent() || recreated) {
            turn.state(turn.state().withFloor(entry.epoch())); // the kernel released it while no agent ran
            return;
        }
        Memory.OfLockspace known = turn.state().memory().lockspaces().get(entry.name());
        boolean viewKnown = known != null
                && known.epoch().equals(entry.epoch())
                && known.view().digest().equals(entry.digest());
        View view = viewKnown && known != null ? known.view() : View.EMPTY;
        boolean asItIs = entry.phase() == Phase.STARTED
                && viewKnown
                && lockspace.kernel().status() != 0
                && lockspace.kernel().given().equals(view);
        // A view that is not known differs from every candidate, so that a new epoch is opened (rule 10). STARTED as
        // it is: no stop, no epoch, no lost lock.
        View standing = asItIs || entry.phase() == Phase.LEAVING ? view : View.EMPTY;
        Phase phase = entry.phase() == Phase.STARTED && !asItIs ? Phase.STOPPED : entry.phase();
        LockspaceState moved = lockspace.moved(
                Optional.of(region.id()),
                Optional.of(phase),
                entry.epoch(),
                standing,
                entry.join(),
                turn.state().nowNs());
        if (moved.entry().filter(entry::equals).isPresent()) {
            moved = moved.withPublishedNs(turn.state().nowNs()); // read from the disk just now
        }
        if (known == null && moved.kernel().run() == KernelSide.Run.RUNNING && entry.phase() != Phase.LEAVING) {
            moved = unremembered(moved, region, report, entry);
        }
        if (entry.phase() == Phase.LEAVING) {
            moved = moved.withKernel(moved.kernel().withStop(0)); // reported once control = 0 had returned
        }
        turn.state(turn.state().with(asItIs ? moved.withProvisional() : moved));
        turn.lockspace(
                LogEvent.Type.PHASE,
                entry.name(),
                entry.epoch().value(),
                asItIs
                        ? "adopted as it runs, members " + view.nodes()
                        : "found " + entry.phase() + " in the own report of seq " + report.seq());
    }

    /**
     * The memory is lost. What the kernel believes of its members decides which of them are renewed, and one too many
     * loses that member's locks: so either the board still tells it, or the lockspace stays stopped.
     */
    private static LockspaceState unremembered(
            LockspaceState lockspace, RegionState region, Report own, LockspaceEntry entry) {
        List<Member> members = new ArrayList<>();
        members.add(new Member(own.node(), own.boot(), own.generation(), entry.join()));
        for (NodeNumber node : entry.nodes()) {
            if (!node.equals(own.node())) {
                region.report(node)
                        .ifPresent(r -> r.lockspace(entry.name())
                                .ifPresent(e -> members.add(new Member(node, r.boot(), r.generation(), e.join()))));
            }
        }
        View rebuilt = View.of(members);
        int status = lockspace.kernel().status();
        boolean started = entry.phase() == Phase.STARTED || status != 0;
        return started && rebuilt.digest().equals(entry.digest())
                ? lockspace.withKernel(lockspace
                        .kernel()
                        .adopted(KernelSide.Run.RUNNING, Epoch.NONE, View.EMPTY, rebuilt, status, false))
                : lockspace.withUncontrolled();
    }

    /** Once every board was read: what runs in the kernel and is listed nowhere is nobody's. */
    private static void uncontrolled(Turn turn) {
        if (!turn.state().recalled()) {
            return;
        }
        for (LockspaceState lockspace : turn.state().lockspaces().values()) {
            boolean unknown = lockspace.phase().isEmpty() && lockspace.kernel().run() == KernelSide.Run.RUNNING;
            if (unknown && !lockspace.uncontrolled()) {
                turn.state(turn.state().with(lockspace.withUncontrolled()));
                turn.lockspace(LogEvent.Type.BAD_INPUT, lockspace.name(), 0, "runs in the kernel uncontrolled");
            }
        }
    }

    /** Whether configfs lists exactly the view's nodes. */
    static boolean sameMembers(ClusterFacts facts, KernelLockspace found, View view) {
        SortedSet<NodeId> ids = new TreeSet<>();
        view.nodes().forEach(n -> ids.add(NodeId.of(n, facts.nodeidOffset())));
        return ids.equals(found.members());
    }

    static Memory memoryOf(State state) {
        SortedMap<LockspaceName, Memory.OfLockspace> lockspaces = new TreeMap<>();
        for (LockspaceState lockspace : state.lockspaces().values()) {
            KernelSide kernel = lockspace.kernel();
            View view = kernel.given();
            Epoch epoch = kernel.started();
            // A start in flight may reach the kernel before its result reaches us.
            if (kernel.inFlight().isPresent() && kernel.inFlight().get() instanceof Mutation.Start start) {
                view = start.view();
                epoch = start.epoch();
            }
            lockspaces.put(
                    lockspace.name(), new Memory.OfLockspace(view, epoch, kernel.processed(), lockspace.unanswered()));
        }
        Epoch floor = state.floor();
        for (LockspaceState lockspace : state.lockspaces().values()) {
            floor = Epoch.max(floor, lockspace.epoch());
        }
        return new Memory(floor, state.node().comms(), lockspaces);
    }
}
