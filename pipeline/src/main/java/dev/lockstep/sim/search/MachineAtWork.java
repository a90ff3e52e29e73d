// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Eviction;
import dev.lockstep.board.Report;
import dev.lockstep.core.BlockState;
import dev.lockstep.core.Core;
import dev.lockstep.core.LockspaceState;
import dev.lockstep.core.RegionState;
import dev.lockstep.core.State;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.uevent.Uevent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One machine for the length of one event. */
final class MachineAtWork implements CoreAtWork.Host {
    private final Cluster cluster;
    private final Machine before;
    private final Surroundings around;
    private final List<Machine.Beat> beats;
    private final List<Optional<Machine.Writing>> writings;
    private final List<Optional<Machine.Reading>> readings;
    private final List<Mutation.Start> starts = new ArrayList<>();
    private DlmAtWork dlm;
    private @Nullable CoreAtWork core;
    private Memory memory;
    private Optional<LockspaceName> takenIn = Optional.empty();
    private Optional<Report> landed = Optional.empty();
    private int boots;
    private boolean up;
    private boolean overflow;
    private boolean losesNext;
    private int created;
    private long lastSeq;
    private long clockNs;

    MachineAtWork(Cluster cluster, Machine machine, Surroundings around) {
        this.cluster = cluster;
        this.before = machine;
        this.around = around;
        beats = new ArrayList<>(machine.beats());
        writings = new ArrayList<>(machine.writings());
        readings = new ArrayList<>(machine.readings());
        dlm = new DlmAtWork(machine.spaces(), machine.comms());
        memory = machine.memory();
        boots = machine.boots();
        up = machine.up();
        overflow = machine.overflow();
        losesNext = machine.losesNext();
        created = machine.created();
        lastSeq = machine.lastSeq();
        clockNs = machine.clockNs();
        machine.state().ifPresent(s -> core = new CoreAtWork(this, s, machine.clockNs()));
    }

    /** {@return what {@code event} makes of the machine} */
    Effect after(Event event) {
        try {
            if (core != null) {
                slots().refresh();
            }
            happen(event);
            return new Effect(machine(), starts, takenIn, landed, Optional.empty());
        } catch (Violation e) {
            return new Effect(before, starts, takenIn, landed, Optional.of(e.what()));
        } catch (RuntimeException e) {
            return new Effect(before, starts, takenIn, landed, Optional.of("the core throws " + e));
        }
    }

    private void happen(Event event) {
        int region = event.region();
        switch (event.kind()) {
            case BOOT -> boot();
            case CRASH, RESET -> crash();
            case AGENT_DIES -> agentDies(event.which());
            case AGENT_STARTS -> {
                joinsAnew();
                agentStarts();
            }
            case CREATE -> create(cluster.lockspaces.get(event.which()));
            case RELEASE -> release(cluster.lockspaces.get(event.which()));
            case REGION_RESTARTS -> beats.set(region, beats.get(region).begun());
            case REGION_STOPS -> beats.set(region, beats.get(region).left());
            case LANDS -> lands(region);
            case PUBLISHED -> published(region);
            case READ -> read(region, event.which());
            case SLOW_BEGINS -> readings.set(region, Optional.of(new Machine.Reading(core().tick(), List.of())));
            case SLOW_READS -> slowReads(region);
            case SLOW_ENDS -> slowEnds(region);
            case SAMPLE -> slots().sample(region, event.which(), before);
            case SILENCE -> slots().silence(region, event.which());
            case STALL -> slots().stall(region);
            case LANE -> carryOut(inFlight(cluster.lockspaces.get(event.which())));
            case TAKES_IN -> takesIn(cluster.lockspaces.get(event.which()));
            case LATE -> {
                core().pass(Cluster.LATE_NS);
                slots().refresh();
                core().feed(new Evidence.Tick(core().tick()));
            }
            case TICK -> core().feed(new Evidence.Tick(core().tick()));
            case LOSE -> losesNext = true;
            case KERNEL_READ -> {
                overflow = false;
                long nowNs = core().tick();
                core().feed(new Evidence.KernelRead(core().tick(), nowNs, dlm.snapshot(), true));
            }
            case WIPE, GARBLE -> {}
        }
    }

    CoreAtWork core() {
        if (core == null) {
            throw new IllegalStateException("no agent runs on node " + before.number());
        }
        return core;
    }

    private SlotsAtWork slots() {
        return new SlotsAtWork(cluster, before.node(), core(), beats, around);
    }

    Machine machine() {
        CoreAtWork running = core;
        return new Machine(
                before.number(),
                boots,
                up,
                running == null ? Optional.empty() : Optional.of(running.state()),
                running == null ? memory : Memory.blank(),
                dlm.spaces,
                dlm.comms,
                beats,
                writings,
                readings,
                overflow,
                losesNext,
                created,
                lastSeq,
                running == null ? clockNs : running.nowNs());
    }

    private void boot() {
        boots++;
        up = true;
        created = 0;
        clockNs = 0;
        for (int r = 0; r < beats.size(); r++) {
            beats.set(r, beats.get(r).begun());
        }
        memory = Memory.of(memory.lasting());
        if (cluster.settings.reduces(Reduction.CREATED_AT_BOOT)) {
            cluster.lockspaces.forEach(this::create);
        }
        agentStarts();
    }

    private void agentStarts() {
        State initial = Core.initial(cluster.facts(before.number(), boots));
        CoreAtWork started = new CoreAtWork(this, initial, clockNs);
        core = started;
        for (RegionId region : cluster.regions) {
            started.observe(new Evidence.RegionFound(started.tick(), region, true, ""));
        }
        started.feed(new Evidence.Started(started.tick(), memory, dlm.snapshot()));
        overflow = false;
        if (cluster.settings.reduces(Reduction.OWN_SEEN)) {
            for (int scan = 0; scan < SlotsAtWork.SCANS_UNTIL_LIVE; scan++) {
                slots().own();
            }
        }
    }

    /** What lasts of the memory is not written at every step; only for a destroyed block does anything rest on it. */
    private void crash() {
        Memory last = core == null ? memory : Core.memory(core.state());
        core = null;
        lastSeq = 0;
        up = false;
        overflow = false;
        losesNext = false;
        created = 0;
        clockNs = 0;
        memory = cluster.losesReports() ? Memory.of(last.lasting()) : Memory.blank();
        dlm = new DlmAtWork(Map.of(), Map.of());
        for (int r = 0; r < beats.size(); r++) {
            beats.set(r, beats.get(r).halted());
            writings.set(r, Optional.empty());
            readings.set(r, Optional.empty());
        }
    }

    private void agentDies(int carriedOut) {
        for (int k = 0; k < cluster.lockspaces.size(); k++) {
            if ((carriedOut & (1 << k)) != 0) {
                apply(inFlight(cluster.lockspaces.get(k)));
            }
        }
        memory = Core.memory(core().state());
        clockNs = core().nowNs();
        core = null;
        lastSeq = 0;
        overflow = false;
        losesNext = false;
        for (int r = 0; r < beats.size(); r++) {
            writings.set(r, Optional.empty());
            readings.set(r, Optional.empty());
        }
    }

    /** What was never started joins under another number in the eyes of the next agent, as if created once more. */
    private void joinsAnew() {
        if (dlm.spaces.values().stream().anyMatch(space -> !space.everStarted())) {
            created++;
            clockNs = created * Cluster.BETWEEN_CREATES_NS;
        }
    }

    private void create(LockspaceName name) {
        dlm.spaces.put(name, Space.CREATED);
        created++;
        long passed = created * Cluster.BETWEEN_CREATES_NS - nowNs();
        if (passed < 0) {
            throw new IllegalStateException("the clock ran away: " + nowNs());
        }
        clockNs += passed;
        if (core != null) {
            core.pass(passed);
            slots().refresh();
        }
        uevent(Uevent.Action.ONLINE, name);
    }

    private long nowNs() {
        return core == null ? clockNs : core.nowNs();
    }

    private void release(LockspaceName name) {
        dlm.spaces.put(name, space(name).released());
        uevent(Uevent.Action.OFFLINE, name);
    }

    private Space space(LockspaceName name) {
        Space space = dlm.spaces.get(name);
        if (space == null) {
            throw new IllegalStateException("no lockspace " + name);
        }
        return space;
    }

    private void uevent(Uevent.Action action, LockspaceName name) {
        if (core == null) {
            return;
        }
        if (losesNext) {
            losesNext = false;
            overflow = true;
        } else {
            core.feed(new Evidence.UeventReceived(core.tick(), new Uevent(action, name)));
        }
    }

    @Override
    public void due(Report content) {
        int region = cluster.region(content.region());
        if (writings.get(region).isEmpty()) { // else the end of the write under way plans again
            core().state().lockspaces().values().forEach(l -> cluster.note(l.view()));
            lastSeq = Math.max(lastSeq, core().state().lastOwnSeq(content.region())) + 1;
            Report report = content.withSeq(lastSeq);
            core().observe(new Evidence.ReportSubmitted(core().tick(), report));
            writings.set(region, Optional.of(new Machine.Writing(report, false)));
        }
    }

    private void lands(int region) {
        Report report = writings.get(region).orElseThrow().report();
        writings.set(region, Optional.of(new Machine.Writing(report, true)));
        landed = Optional.of(report);
        if (cluster.settings.reduces(Reduction.PUBLISHED_AT_ONCE)) {
            published(region);
        }
    }

    private void published(int region) {
        Report report = writings.get(region).orElseThrow().report();
        writings.set(region, Optional.empty());
        core().feed(new Evidence.ReportPublished(core().tick(), report));
    }

    private void read(int region, int torn) {
        long startedNs = core().tick();
        SortedMap<NodeNumber, BlockReading> blocks = new TreeMap<>();
        for (NodeNumber node : cluster.nodes) {
            boolean bad = (torn & (1 << (node.value() - 1))) != 0;
            Surroundings.Block block = around.blocks().get(node.value() - 1);
            reading(region, node, bad ? Surroundings.GARBLED : block).ifPresent(r -> blocks.put(node, r));
        }
        RegionId id = cluster.regions.get(region);
        core().feed(new Evidence.BoardScanned(core().tick(), startedNs, id, blocks));
    }

    /** Where nothing takes a report away, its seq follows the reader's, so that states do not differ by it. */
    private Optional<BlockReading> reading(int region, NodeNumber node, Surroundings.Block block) {
        RegionState known = core().state().regions().get(cluster.regions.get(region));
        boolean own = node.equals(before.node());
        if (own && known != null && known.recalled() && !cluster.losesReports()) {
            return Optional.empty();
        }
        if (block instanceof Surroundings.Block.Holds holds) {
            Report report = holds.report();
            if (!cluster.losesReports() && known != null && known.blocks().containsKey(node)) {
                Optional<Report> last = known.blocks().get(node).report();
                long lastSeq = last.map(Report::seq).orElse(0L);
                boolean same =
                        last.filter(r -> r.withSeq(0).equals(report.withSeq(0))).isPresent();
                return Optional.of(new BlockReading.Good(report.withSeq(same ? lastSeq : lastSeq + 1)));
            }
            return Optional.of(new BlockReading.Good(report));
        }
        boolean vacant = block instanceof Surroundings.Block.Vacant || block instanceof Surroundings.Block.Wiped;
        return Optional.of(vacant ? new BlockReading.Vacant() : new BlockReading.Bad("torn"));
    }

    private void slowReads(int region) {
        Machine.Reading reading = readings.get(region).orElseThrow();
        List<Optional<Report>> blocks = new ArrayList<>(reading.blocks());
        Surroundings.Block block = around.blocks().get(blocks.size());
        blocks.add(
                block instanceof Surroundings.Block.Holds holds
                        ? Optional.of(
                                cluster.losesReports()
                                        ? holds.report()
                                        : holds.report().withSeq(0))
                        : Optional.empty());
        readings.set(region, Optional.of(new Machine.Reading(reading.startedNs(), blocks)));
    }

    private void slowEnds(int region) {
        Machine.Reading reading = readings.get(region).orElseThrow();
        readings.set(region, Optional.empty());
        SortedMap<NodeNumber, BlockReading> blocks = new TreeMap<>();
        for (NodeNumber node : cluster.nodes) {
            Surroundings.Block block = reading.blocks()
                    .get(node.value() - 1)
                    .<Surroundings.Block>map(Surroundings.Block.Holds::new)
                    .orElse(Surroundings.VACANT);
            reading(region, node, block).ifPresent(r -> blocks.put(node, r));
        }
        RegionId id = cluster.regions.get(region);
        core().feed(new Evidence.BoardScanned(core().tick(), reading.startedNs(), id, blocks));
    }

    private void takesIn(LockspaceName name) {
        dlm.spaces.put(name, space(name).takenIn());
        takenIn = Optional.of(name);
        if (core != null) {
            long nowNs = core.tick();
            core.feed(new Evidence.RecoveryRead(core.tick(), nowNs, name, Space.RECOVERED, 0));
        }
    }

    private Mutation inFlight(LockspaceName name) {
        LockspaceState lockspace = core().state().lockspaces().get(name);
        if (lockspace == null) {
            throw new IllegalStateException("nothing in the lane of " + name);
        }
        return lockspace.kernel().inFlight().orElseThrow();
    }

    @Override
    public boolean isAtOnce(Mutation mutation) {
        if (mutation instanceof Mutation.Start start) {
            noneEvicted(start);
        }
        boolean seen = mutation instanceof Mutation.Start || mutation instanceof Mutation.Stop;
        return !seen && !(mutation instanceof Mutation.ResetNode);
    }

    @Override
    public void carryOut(Mutation mutation) {
        boolean had = has(mutation);
        Outcome outcome = apply(mutation);
        boolean freed = had && !has(mutation);
        core().feed(new Evidence.Applied(core().tick(), mutation, outcome));
        if (mutation instanceof Mutation.Start start && cluster.settings.reduces(Reduction.TAKEN_IN_AT_ONCE)) {
            takesIn(start.name());
        }
        if (freed) {
            uevent(Uevent.Action.REMOVE, mutation.lockspace().orElseThrow());
        }
    }

    private boolean has(Mutation mutation) {
        return mutation.lockspace().filter(name -> dlm.spaces.containsKey(name)).isPresent();
    }

    private Outcome apply(Mutation mutation) {
        if (mutation instanceof Mutation.Start start) {
            starts.add(start);
        }
        return dlm.apply(mutation);
    }

    /** P5 and P6, as far as the node itself knows when it orders a start. */
    private void noneEvicted(Mutation.Start start) {
        for (Member member : start.view().members()) {
            boolean evicted = Eviction.named(core().state().evictions(), member.node(), member.boot());
            for (RegionState region : core().state().regions().values()) {
                for (BlockState block : region.blocks().values()) {
                    evicted |= block.report()
                            .filter(r -> r.evicts(member.node(), member.boot()))
                            .isPresent();
                }
            }
            if (evicted) {
                throw new Violation("P5: orders the start of " + start.name() + " under epoch " + start.epoch()
                        + " with node " + member.node() + ", which it knows to be evicted");
            }
        }
    }
}
