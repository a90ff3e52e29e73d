// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.board.SettingsDigest;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import dev.lockstep.uevent.Uevent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullUnmarked;

/**
 * The core of node 1 alone, every piece of evidence by hand: what its peers write is what the test says. Mutations
 * stay open until the test ends them.
 */
@NullUnmarked // a scaffold: what is missing fails the test that asks for it
final class Solo {

    static final long MS = 1_000_000L;
    static final long PERIOD = 2000 * MS;
    static final int T = 6;
    static final RegionId R = new RegionId("R");
    static final RegionId S = new RegionId("S");
    static final LockspaceName FOO = new LockspaceName("foo");
    static final LockspaceName BAR = new LockspaceName("bar");

    /** What is on one region's disk. */
    static final class Disk {
        final SortedMap<NodeNumber, SlotBlock> slots = new TreeMap<>();
        final SortedMap<NodeNumber, Report> board = new TreeMap<>();
        final TreeSet<NodeNumber> unreadable = new TreeSet<>();
        final TreeSet<NodeNumber> garbledSlots = new TreeSet<>();
    }

    final SortedMap<RegionId, Disk> disks = new TreeMap<>();
    final ClusterFacts facts;
    final List<Mutation> open = new ArrayList<>();
    final List<Mutation> ever = new ArrayList<>();
    private final Deque<Report> unpublished = new ArrayDeque<>();
    boolean writesReports = true;
    State state;
    long nowNs = 1000 * MS;

    Solo(int nodes, RegionId... regions) {
        this(ClusterFacts.FenceMode.SELF, nodes, regions);
    }

    Solo(ClusterFacts.FenceMode fence, int nodes, RegionId... regions) {
        this(FencePolicy.of(fence), nodes, regions);
    }

    Solo(FencePolicy fence, int nodes, RegionId... regions) {
        TreeSet<NodeNumber> numbers = new TreeSet<>();
        for (int n = 1; n <= nodes; n++) {
            numbers.add(NodeNumber.of(n));
        }
        List<Guards.Rule> rules =
                List.of(new Guards.Rule("foo", R), new Guards.Rule("bar", regions.length > 1 ? regions[1] : R));
        facts = new ClusterFacts(
                NodeNumber.of(1), boot(1, 1), numbers, 0, T, PERIOD, PERIOD, settings(), new Guards(rules, 1), fence);
        for (RegionId region : regions) {
            Disk disk = new Disk();
            numbers.forEach(n -> disk.slots.put(n, new SlotBlock(0, 0, Generation.NONE, 0)));
            disks.put(region, disk);
        }
        start(Memory.blank(), KernelSnapshot.empty());
    }

    static SettingsDigest settings() {
        return new SettingsDigest(List.of(1));
    }

    static BootId boot(int node, int life) {
        return new BootId(node, life);
    }

    static Generation generation(int node, int session) {
        return new Generation(node * 1000L + session);
    }

    void start(Memory memory, KernelSnapshot kernel) {
        state = Core.initial(facts);
        open.clear();
        unpublished.clear();
        disks.keySet().forEach(region -> feed(new Evidence.RegionFound(nowNs, region, true, "")));
        feed(new Evidence.Started(nowNs, memory, kernel));
    }

    /** Observes, plans what became dirty, and takes down what is to be done. */
    void feed(Evidence evidence) {
        Observed observed = Core.observe(state, evidence);
        state = observed.state();
        (evidence instanceof Evidence.Tick ? Core.scopes(state) : observed.dirty()).forEach(this::plan);
    }

    private void plan(Scope scope) {
        Planned planned = Core.plan(state, scope);
        for (int rounds = 0; !planned.decisions().isEmpty(); rounds++) {
            if (rounds > 100) {
                throw new AssertionError("decisions without end: " + planned.decisions());
            }
            for (var decision : planned.decisions()) {
                state = Core.observe(state, new Evidence.Decided(nowNs, decision))
                        .state();
            }
            planned = Core.plan(state, scope);
        }
        for (Mutation mutation : planned.mutations()) {
            state = Core.observe(state, new Evidence.Dispatched(nowNs, mutation))
                    .state();
            open.add(mutation);
            ever.add(mutation);
        }
        planned.report().ifPresent(this::submit);
    }

    private void submit(Report content) {
        Report report = content.withSeq(state.lastOwnSeq(content.region()) + 1);
        unpublished.add(report);
        feed(new Evidence.ReportSubmitted(nowNs, report));
    }

    /** What was handed to the writers reaches the disks. */
    void publish() {
        while (writesReports && !unpublished.isEmpty()) {
            Report report = unpublished.remove();
            disks.get(report.region()).board.put(report.node(), report);
            tick(1);
            feed(new Evidence.ReportPublished(nowNs, report));
        }
    }

    void tick(long ms) {
        nowNs += ms * MS;
        feed(new Evidence.Tick(nowNs));
    }

    void done(Mutation mutation) {
        end(mutation, mutation instanceof Mutation.Stop ? new Outcome.Done(0xff) : Outcome.Done.DONE);
    }

    void end(Mutation mutation, Outcome outcome) {
        if (!open.remove(mutation)) {
            throw new AssertionError(mutation + " is not open: " + open);
        }
        feed(new Evidence.Applied(nowNs, mutation, outcome));
    }

    <M extends Mutation> Optional<M> open(Class<M> kind) {
        return open.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    <M extends Mutation> M take(Class<M> kind) {
        return open(kind)
                .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " among " + open + ", reasons "
                        + state.lockspaces().values().stream()
                                .map(LockspaceState::reasons)
                                .toList()));
    }

    Disk disk(RegionId region) {
        return disks.get(region);
    }

    /** What the core knows of a slot. */
    SlotState slot(RegionId region, int node) {
        return state.regions().get(region).slot(NodeNumber.of(node));
    }

    void scan() {
        disks.keySet().forEach(this::scan);
    }

    void scan(RegionId region) {
        scan(region, nowNs);
    }

    /** A scan that was begun then and has completed now. */
    void scan(RegionId region, long begunNs) {
        SortedMap<NodeNumber, SlotReading> slots = new TreeMap<>();
        disks.get(region)
                .slots
                .forEach((node, block) -> slots.put(
                        node,
                        disks.get(region).garbledSlots.contains(node)
                                ? new SlotReading.BadChecksum()
                                : new SlotReading.Good(block)));
        feed(new Evidence.SlotsScanned(nowNs, begunNs, region, slots));
    }

    void read() {
        disks.keySet().forEach(this::read);
    }

    void read(RegionId region) {
        SortedMap<NodeNumber, BlockReading> blocks = new TreeMap<>();
        facts.nodes().forEach(node -> {
            Report report = disks.get(region).board.get(node);
            boolean bad = disks.get(region).unreadable.contains(node);
            BlockReading whole = report == null ? new BlockReading.Vacant() : new BlockReading.Good(report);
            blocks.put(node, bad ? new BlockReading.Bad("torn") : whole);
        });
        feed(new Evidence.BoardScanned(nowNs, nowNs, region, blocks));
    }

    /** One heartbeat period in which these nodes beat in every region where they have a generation. */
    void period(int... beating) {
        nowNs += PERIOD;
        for (int node : beating) {
            disks.keySet().forEach(region -> beat(region, node));
        }
        scan();
        read();
        publish();
        feed(new Evidence.Tick(nowNs));
        publish();
    }

    void periods(int count, int... beating) {
        for (int i = 0; i < count; i++) {
            period(beating);
        }
    }

    void beat(RegionId region, int node) {
        SlotBlock slot = disks.get(region).slots.get(NodeNumber.of(node));
        if (!slot.generation().isNone()) {
            session(region, node, slot.generation());
        }
    }

    /** The node's slot moves, under this generation. */
    void session(RegionId region, int node, Generation generation) {
        SlotBlock slot = disks.get(region).slots.get(NodeNumber.of(node));
        SlotBlock next = new SlotBlock(slot.seq() + 1, node, generation, T * 2000L);
        disks.get(region).slots.put(NodeNumber.of(node), next);
    }

    /** A peer writes its report. */
    void says(RegionId region, int node, int life, int session, LockspaceEntry... entries) {
        Report before = disks.get(region).board.get(NodeNumber.of(node));
        long seq = before == null ? 1 : before.seq() + 1;
        writes(new Report(
                region,
                NodeNumber.of(node),
                boot(node, life),
                generation(node, session),
                seq,
                settings(),
                false,
                Epoch.NONE,
                List.of(),
                Arrays.asList(entries)));
    }

    void writes(Report report) {
        disks.get(report.region()).board.put(report.node(), report);
    }

    Report block(RegionId region, int node) {
        return disks.get(region).board.get(NodeNumber.of(node));
    }

    static Member member(int node, int life, int session, long join) {
        return new Member(NodeNumber.of(node), boot(node, life), generation(node, session), new JoinNumber(join));
    }

    static LockspaceEntry joining(LockspaceName name, long join) {
        return new LockspaceEntry(
                name,
                new JoinNumber(join),
                Phase.JOINING,
                Epoch.NONE,
                dev.lockstep.domain.ViewDigest.NONE,
                new TreeSet<>());
    }

    static LockspaceEntry entry(LockspaceName name, long join, Phase phase, Epoch epoch, View view) {
        return new LockspaceEntry(name, new JoinNumber(join), phase, epoch, view.digest(), view.nodes());
    }

    LockspaceState lockspace(LockspaceName name) {
        return state.lockspaces().get(name);
    }

    LockspaceState foo() {
        return lockspace(FOO);
    }

    Collection<ReasonCode> why(LockspaceName name) {
        return lockspace(name).reasons().stream().map(Reason::code).toList();
    }

    void uevent(Uevent.Action action, LockspaceName name) {
        feed(new Evidence.UeventReceived(nowNs, new Uevent(action, name)));
    }

    /** Node 1 beats everywhere and has read everything. */
    Solo alive() {
        disks.keySet().forEach(region -> session(region, 1, generation(1, 1)));
        periods(4, 1);
        return this;
    }

    /** A peer beats in the region and its slot is known to live. */
    Solo peer(RegionId region, int node, int life, int session) {
        session(region, node, generation(node, session));
        scan();
        period(1);
        session(region, node, generation(node, session));
        period(1);
        session(region, node, generation(node, session));
        period(1);
        says(region, node, life, session);
        period(1);
        return this;
    }

    /** foo is created here and runs with these peers, each under its first join. */
    Solo runs(LockspaceName name, RegionId region, int... peers) {
        for (int peer : peers) {
            says(region, peer, 1, 1, joining(name, 1));
        }
        uevent(Uevent.Action.ONLINE, name);
        everybody(peers);
        agree(name, region, peers);
        return this;
    }

    /** One more lockspace of the same peers. */
    Solo alsoRuns(LockspaceName name, RegionId region, int... peers) {
        for (int peer : peers) {
            Report before = block(region, peer);
            List<LockspaceEntry> entries = new ArrayList<>(before.lockspaces());
            entries.add(joining(name, 1));
            says(region, peer, 1, 1, entries.toArray(LockspaceEntry[]::new));
        }
        uevent(Uevent.Action.ONLINE, name);
        everybody(peers);
        agree(name, region, peers);
        return this;
    }

    /** The kernel's recovery has ended. */
    void recovered(LockspaceName name) {
        tick(1);
        feed(new Evidence.RecoveryRead(nowNs, nowNs, name, 0xff, 0));
    }

    /** The peers say that they stopped for node 1's epoch, with its view; node 1 starts and recovers. */
    void agree(LockspaceName name, RegionId region, int... peers) {
        everybody(peers);
        follow(name, region, Phase.STOPPED, peers);
        everybody(peers);
        everybody(peers);
        for (Mutation comm : List.copyOf(open)) {
            if (comm instanceof Mutation.OfNode) {
                done(comm);
            }
        }
        while (open(Mutation.OfNode.class).isPresent()) {
            done(take(Mutation.OfNode.class));
        }
        done(take(Mutation.Start.class));
        publish();
        follow(name, region, Phase.STARTED, peers);
        open(Mutation.Answer.class).ifPresent(this::done);
        recovered(name);
        everybody(peers);
    }

    /** The peers say what node 1 says of the lockspace. */
    void follow(LockspaceName name, RegionId region, Phase phase, int... peers) {
        LockspaceState mine = lockspace(name);
        for (int peer : peers) {
            Member member = mine.view().member(NodeNumber.of(peer)).orElseThrow();
            Report before = block(region, peer);
            List<LockspaceEntry> entries = new ArrayList<>(before.lockspaces());
            entries.removeIf(e -> e.name().equals(name));
            entries.add(entry(name, member.join().value(), phase, mine.epoch(), mine.view()));
            says(
                    region,
                    peer,
                    (int) before.boot().low(),
                    (int) (before.generation().value() - peer * 1000L),
                    entries.toArray(LockspaceEntry[]::new));
        }
    }

    private void everybody(int... peers) {
        int[] all = Arrays.copyOf(peers, peers.length + 1);
        all[peers.length] = 1;
        period(all);
        if (open(Mutation.AddComm.class).isPresent()) {
            done(take(Mutation.AddComm.class));
        }
    }

    /** A lockspace that was started once, with these nodes in configfs. */
    static KernelLockspace found(LockspaceName name, int status, int... members) {
        TreeSet<NodeId> ids = new TreeSet<>();
        for (int member : members) {
            ids.add(new NodeId(member));
        }
        return new KernelLockspace(name, name.globalId(), status, 0, ids, Optional.empty());
    }

    /** The kernel as it is now, with one lockspace. */
    static KernelSnapshot kernel(KernelLockspace lockspace, int... comms) {
        TreeSet<NodeNumber> peers = new TreeSet<>();
        for (int comm : comms) {
            peers.add(NodeNumber.of(comm));
        }
        return new KernelSnapshot(new TreeMap<>(Map.of(lockspace.name(), lockspace)), peers);
    }
}
