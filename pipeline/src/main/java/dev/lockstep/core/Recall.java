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
import dev.lockstep.domain.RegionId;
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

    /** A torn write leaves one copy whole, and what was misread once is read well the next time. */
    private static final int READS_OF_A_DESTROYED_BLOCK = 3;

    /** A node writes a few reports a second at most: a step is days. */
    private static final long SEQ_STEP = 1 << 20;

    private Recall() {}

    /** The kernel as it runs, before any board was read. */
    static void started(Turn turn, Evidence.Started started) {
        State state = turn.state().withStart(started.memory());
        if (started.memory().mustGo()) {
            state = state.withMustGo("the agent before knew that it must");
        }
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
        boolean takenIn = found.recoverStatus() != 0 && !known.view().equals(View.EMPTY);
        View processed = takenIn ? known.view() : known.processed();
        View given = sameMembers(facts, found, known.view()) ? known.view() : View.EMPTY;
        boolean answered = known.leaving() && found.unanswered().isEmpty();
        if (answered && found.recoverStatus() == 0 && found.members().isEmpty()) {
            return KernelSide.CREATED
                    .adopted(KernelSide.Run.STOPPED, known.epoch(), known.view(), known.processed(), 0, false)
                    .withForgotten();
        }
        boolean recovered = ObserveKernel.done(facts, given, found.recoverStatus());
        return KernelSide.CREATED.adopted(
                KernelSide.Run.RUNNING, known.epoch(), given, processed, found.recoverStatus(), recovered);
    }

    /** The own block of a region was read for the first time since the agent started. */
    static void region(Turn turn, RegionState region) {
        BlockState block = region.block(turn.state().facts().self());
        if (!block.read()) {
            boolean destroyed = block.badReads() >= READS_OF_A_DESTROYED_BLOCK;
            if (destroyed && turn.state().memory().lasting().seqBound() > 0) {
                destroyed(turn, region);
            }
            return; // unreadable: nothing is said, and nothing starts, before it was read
        }
        Optional<Report> own = block.report();
        RegionState recalled = region.with(region.own().read());
        if (own.isPresent()) {
            Report report = own.get();
            boolean sameBoot = report.boot().equals(turn.state().facts().boot());
            turn.state(turn.state().withFloor(report.floor()));
            report.evictions().forEach(e -> turn.state(turn.state().withRecalled(e))); // rule 9
            if (sameBoot) {
                recalled = recalled.with(recalled.own()
                        .submitted(report)
                        .published(own, turn.state().nowNs()));
                ObserveFence.recalled(turn, report);
                NodeSide node = turn.state().node();
                turn.state(turn.state().with(node.with(node.mesh().recalled(report.links()))));
                if (report.mustGo()) {
                    turn.state(turn.state().withMustGo("its own report on the board says so"));
                }
            }
            for (LockspaceEntry entry : report.lockspaces()) {
                turn.state(turn.state().withFloor(sameBoot ? Epoch.NONE : entry.epoch()));
                if (sameBoot) {
                    entry(turn, recalled, own, entry);
                }
            }
        }
        turn.state(turn.state().with(recalled));
        unlisted(turn);
        turn.dirtyAll();
    }

    /**
     * No copy of the own block is whole, however often it is read: both were written over. What stood in it is in the
     * memory, too: verdicts, floor, a seq above all it had, and what this boot ran; of a boot before as far as the disk
     * took it. It is written again from that.
     */
    private static void destroyed(Turn turn, RegionState region) {
        ClusterFacts facts = turn.state().facts();
        turn.node(
                LogEvent.Type.BAD_INPUT,
                facts.self(),
                region.id(),
                "our own block is destroyed; writes it again from the memory");
        RegionState recalled = region.with(region.own().read());
        turn.state(turn.state().with(recalled));
        for (LockspaceName name : turn.state().memory().lockspaces().keySet()) {
            boolean here = remembered(turn.state().memory(), name)
                    .or(() -> facts.guards()
                            .guardOf(
                                    name,
                                    turn.state().usableRegions(),
                                    turn.state().namedRegions()))
                    .filter(region.id()::equals)
                    .isPresent();
            Optional<LockspaceEntry> entry = remembered(turn.state(), name);
            if (here && entry.isPresent()) {
                entry(turn, recalled, Optional.empty(), entry.get());
            }
        }
        unlisted(turn);
        turn.dirtyAll();
    }

    /** {@return the region that a lockspace found in the kernel ran by: as noted, else by the rules} */
    static Optional<RegionId> guardOf(State state, LockspaceState found) {
        return remembered(state.memory(), found.name()).or(() -> Plan.guardOf(state, found));
    }

    private static Optional<RegionId> remembered(Memory memory, LockspaceName name) {
        return Optional.ofNullable(memory.lockspaces().get(name)).flatMap(Memory.OfLockspace::guard);
    }

    /** {@return the entry that the memory stands in for, if this boot ever started that lockspace} */
    private static Optional<LockspaceEntry> remembered(State state, LockspaceName name) {
        Memory.OfLockspace known = state.memory().lockspaces().get(name);
        return known == null
                ? Optional.empty()
                : known.view()
                        .member(state.facts().self())
                        .map(self -> new LockspaceEntry(
                                name,
                                self.join(),
                                known.leaving() ? Phase.LEAVING : Phase.STARTED,
                                known.epoch(),
                                known.view().digest(),
                                known.view().nodes()));
    }

    /**
     * Takes up what an entry of this boot says of a lockspace.
     *
     * @param report the report that has it; empty where the memory stands in for a destroyed block
     */
    private static void entry(Turn turn, RegionState region, Optional<Report> report, LockspaceEntry entry) {
        LockspaceState lockspace = turn.state().lockspaces().get(entry.name());
        if (lockspace == null || lockspace.phase().isPresent()) {
            turn.state(turn.state().withFloor(entry.epoch())); // the kernel released it while no agent ran
            return;
        }
        if (lockspace.kernel().run() == KernelSide.Run.BORN) {
            // It may be another than the one this entry is of: the task was refused or killed, and came again. It was
            // never started and holds no locks, so it joins anew; under the entry's join number nobody would renew it.
            turn.state(turn.state().withFloor(entry.epoch()).with(lockspace.joinedBefore(entry.join())));
            return;
        }
        boolean ranElsewhere = remembered(turn.state().memory(), entry.name())
                .filter(guard -> !guard.equals(region.id()))
                .isPresent();
        if (ranElsewhere) {
            turn.state(turn.state().withFloor(entry.epoch())); // of an earlier one of that name, in an older copy
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
        // JOINING tells of a time before the first start, so it is older than what the kernel runs: stopped first, too.
        boolean stopsFirst = entry.phase() == Phase.JOINING || (entry.phase() == Phase.STARTED && !asItIs);
        Phase phase = stopsFirst ? Phase.STOPPED : entry.phase();
        LockspaceState moved = lockspace.moved(
                Optional.of(region.id()),
                Optional.of(phase),
                entry.epoch(),
                standing,
                entry.join(),
                turn.state().nowNs());
        if (report.isPresent() && moved.entry().filter(entry::equals).isPresent()) {
            moved = moved.withPublishedNs(turn.state().nowNs()); // read from the disk just now
        }
        if (known == null && entry.phase() != Phase.LEAVING && report.isPresent()) {
            moved = unremembered(turn, moved, region, report.get(), entry);
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
                        : "found " + entry.phase()
                                + report.map(r -> " in the own report of seq " + r.seq())
                                        .orElse(" in the memory"));
    }

    /**
     * The memory is lost. What the kernel believes of its members decides which of them are renewed, and one too many
     * loses that member's locks: so either the board still tells it, or the lockspace stays stopped.
     */
    private static LockspaceState unremembered(
            Turn turn, LockspaceState lockspace, RegionState region, Report own, LockspaceEntry entry) {
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
        boolean known = started && rebuilt.digest().equals(entry.digest());
        if (known && entry.phase() == Phase.STARTED) {
            keepComms(turn, rebuilt);
        }
        return known
                ? lockspace.withKernel(lockspace
                        .kernel()
                        .adopted(lockspace.kernel().run(), Epoch.NONE, View.EMPTY, rebuilt, status, false))
                : lockspace.withUncontrolled();
    }

    /**
     * What runs was started with comms for exactly these lives, and none is removed under it. Made anew here alone, a
     * comm counts its messages from the beginning while the peer's goes on, and locks are never granted again (P7).
     */
    private static void keepComms(Turn turn, View members) {
        NodeSide node = turn.state().node();
        for (Member member : members.members()) {
            if (node.strayComms().contains(member.node())) {
                node = node.withKnown(member.node(), member.boot());
            }
        }
        turn.state(turn.state().with(node));
    }

    /**
     * Once every board was read: what the kernel was told to run and is listed nowhere. If the memory knows that it ran
     * by this region, the own block lost its newer copy, and the older one does not list it yet: reported without it,
     * it would be taken for released (P3). Else it is nobody's: under a guard that is only now the one by the rules,
     * this node would agree with others than it ran with.
     */
    static void unlisted(Turn turn) {
        if (!turn.state().recalled()) {
            return;
        }
        for (LockspaceState lockspace : turn.state().lockspaces().values()) {
            boolean unknown = lockspace.phase().isEmpty()
                    && lockspace.kernel().run() != KernelSide.Run.BORN
                    && !lockspace.kernel().forgotten(); // its release goes on, and is the end of it
            Optional<RegionState> guard = guardHere(turn, lockspace);
            if (!unknown || guard.isEmpty() || lockspace.uncontrolled()) {
                continue;
            }
            Optional<LockspaceEntry> remembered = remembered(turn.state(), lockspace.name());
            boolean ranByIt = remembered(turn.state().memory(), lockspace.name())
                    .filter(guard.get().id()::equals)
                    .isPresent();
            if (remembered.isPresent() && ranByIt) {
                entry(turn, guard.get(), Optional.empty(), remembered.get());
            } else {
                turn.state(turn.state().with(lockspace.withUncontrolled()));
                turn.lockspace(LogEvent.Type.BAD_INPUT, lockspace.name(), 0, "runs in the kernel uncontrolled");
            }
        }
    }

    /** What has no guard may be listed on the board of one that is still to come, and is stopped until then. */
    private static Optional<RegionState> guardHere(Turn turn, LockspaceState lockspace) {
        return remembered(turn.state().memory(), lockspace.name())
                .filter(turn.state().regions()::containsKey)
                .or(() -> Plan.guardOf(turn.state(), lockspace))
                .map(id -> turn.state().regions().get(id))
                .filter(guard -> guard.present() && guard.recalled());
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
            View processed = kernel.processed();
            Epoch epoch = kernel.started();
            Memory.OfLockspace before = state.memory().lockspaces().get(lockspace.name());
            boolean unclaimed = before != null
                    && lockspace.phase().isEmpty()
                    && kernel.run() != KernelSide.Run.BORN
                    && !kernel.forgotten();
            if (unclaimed && before != null && view.equals(View.EMPTY)) { // nothing better is known until it is claimed
                view = before.view();
                processed = before.processed();
                epoch = before.epoch();
            }
            // A start in flight may reach the kernel before its result reaches us.
            if (kernel.inFlight().isPresent() && kernel.inFlight().get() instanceof Mutation.Start start) {
                view = start.view();
                epoch = start.epoch();
                processed = kernel.withDoubtfulStart(epoch, view).processed();
            }
            boolean unknown = view.equals(View.EMPTY)
                    && processed.equals(View.EMPTY)
                    && kernel.run() != KernelSide.Run.BORN
                    && !kernel.forgotten();
            if (unknown) {
                continue; // as if nothing was ever noted: the next agent must not take it for one without members
            }
            lockspaces.put(
                    lockspace.name(),
                    new Memory.OfLockspace(
                            unclaimed && before != null ? before.guard() : lockspace.guard(),
                            view,
                            epoch,
                            processed,
                            lockspace.unanswered(),
                            lockspace.in(Phase.LEAVING) || kernel.forgotten()));
        }
        Epoch floor = state.floor();
        for (LockspaceState lockspace : state.lockspaces().values()) {
            floor = Epoch.max(floor, lockspace.epoch());
        }
        return new Memory(
                new Memory.Lasting(floor, seqBound(state), state.evictions()),
                state.mustGo().isPresent(),
                state.node().comms(),
                lockspaces);
    }

    /** In steps, so that it is seldom written; a step ahead, so that no report overtakes it. */
    private static long seqBound(State state) {
        long highest = 0;
        for (RegionId region : state.regions().keySet()) {
            highest = Math.max(highest, state.lastOwnSeq(region));
        }
        long bound = highest == 0 ? 0 : (highest / SEQ_STEP + 2) * SEQ_STEP;
        return Math.max(bound, state.memory().lasting().seqBound());
    }
}
