// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.Report;
import dev.lockstep.core.BlockState;
import dev.lockstep.core.Core;
import dev.lockstep.core.LockspaceState;
import dev.lockstep.core.RegionState;
import dev.lockstep.core.State;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
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
import org.jspecify.annotations.Nullable;

/** One machine for the length of one event. */
final class MachineAtWork implements CoreAtWork.Host {
    private final Cluster cluster;
    private final Machine before;
    private final Surroundings around;
    private final List<Machine.Beat> beats;
    private final BoardsAtWork boards;
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
    private long clockNs;

    MachineAtWork(Cluster cluster, Machine machine, Surroundings around) {
        this.cluster = cluster;
        this.before = machine;
        this.around = around;
        beats = new ArrayList<>(machine.beats());
        boards = new BoardsAtWork(cluster, machine, around);
        dlm = new DlmAtWork(machine.spaces(), machine.comms());
        memory = machine.memory();
        boots = machine.boots();
        up = machine.up();
        overflow = machine.overflow();
        losesNext = machine.losesNext();
        created = machine.created();
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
            case PUBLISHED -> boards.published(core(), region);
            case READ -> boards.read(core(), region, event.which());
            case SLOW_BEGINS -> boards.slowBegins(core(), region);
            case SLOW_READS -> boards.slowReads(region);
            case SLOW_ENDS -> boards.slowEnds(core(), region);
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
                boards.writings(),
                boards.readings(),
                overflow,
                losesNext,
                created,
                boards.lastSeq(),
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
        boards.cutOff();
        up = false;
        overflow = false;
        losesNext = false;
        created = 0;
        clockNs = 0;
        memory = cluster.losesReports() ? Memory.of(last.lasting()) : Memory.blank();
        dlm = new DlmAtWork(Map.of(), Map.of());
        for (int r = 0; r < beats.size(); r++) {
            beats.set(r, beats.get(r).halted());
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
        boards.cutOff();
        overflow = false;
        losesNext = false;
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
        boards.due(core(), content);
    }

    private void lands(int region) {
        landed = Optional.of(boards.lands(region));
        if (cluster.settings.reduces(Reduction.PUBLISHED_AT_ONCE)) {
            boards.published(core(), region);
        }
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
