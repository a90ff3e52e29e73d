// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.MS;

import dev.lockstep.board.Eviction;
import dev.lockstep.core.Core;
import dev.lockstep.core.LockspaceState;
import dev.lockstep.core.Observed;
import dev.lockstep.core.Planned;
import dev.lockstep.core.Scope;
import dev.lockstep.core.State;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.event.LogEvent;
import dev.lockstep.evidence.Decision;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.sim.SimDlmNode;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/** One life of one machine's agent: a production core, and as much of the shell as decides what it hears when. */
final class Agent implements Held {
    private static final long TICK_NS = 250 * MS;
    private static final int MOST_ROUNDS = 1000;

    /** As in the shell: a mark that is missing must cost time, not more. */
    private static final long LONGEST_NS = 30_000 * MS;

    final Machine machine;
    final World world;
    final SimDlmNode kernel;
    private final RegionSide[] regions;
    private final KernelWatch watch;
    private final Lanes lanes;
    private final Memory inherited;

    /** Scopes to plan: 0 the node, above it the regions; in the order in which they became dirty. */
    private final boolean[] dirty = new boolean[1 + StormSettings.REGIONS.size()];

    private final int[] queue = new int[1 + StormSettings.REGIONS.size()];
    private int queued;
    private final long[] dueNs = new long[1 + StormSettings.REGIONS.size()];
    private long startedNs;
    private long dueEventNs = Long.MAX_VALUE;
    private boolean planning;
    private boolean started;
    private boolean dead;
    private State state;
    private SortedMap<LockspaceName, LockspaceState> lookedAt = Collections.emptySortedMap();

    /** Memory is a function of this, and asked for when somebody needs it. */
    private State saved;

    private long stallsUntilNs;

    Agent(Machine machine, Memory inherited) {
        this.machine = machine;
        this.world = machine.world;
        this.kernel = machine.kernel();
        this.inherited = inherited;
        state = Core.initial(machine.facts());
        saved = state;
        regions = new RegionSide[StormSettings.REGIONS.size()];
        for (int r = 0; r < regions.length; r++) {
            regions[r] = new RegionSide(this, r);
        }
        watch = new KernelWatch(this);
        lanes = new Lanes(this);
    }

    @Override
    public long heldUntilNs() {
        return Math.max(stallsUntilNs, machine.heldUntilNs());
    }

    State state() {
        return state;
    }

    boolean dead() {
        return dead;
    }

    boolean started() {
        return started;
    }

    long clockNs() {
        return machine.clockNs();
    }

    void stall(long untilNs) {
        stallsUntilNs = Math.max(stallsUntilNs, untilNs);
    }

    KernelWatch watch() {
        return watch;
    }

    RegionSide region(int region) {
        return regions[region];
    }

    /** Lets something happen in this agent, unless it is dead by then. */
    void after(long pauseNs, Runnable event) {
        world.time.after(pauseNs, this, () -> {
            if (!dead) {
                event.run();
            }
        });
    }

    /** The uevent socket first, then the kernel, then the regions. */
    void start() {
        watch.listen();
        after(machine.dice.between(MS, 5 * MS), () -> {
            KernelSnapshot snapshot = watch.read(true);
            after(machine.dice.between(MS, 5 * MS), () -> begin(snapshot));
        });
    }

    private void begin(KernelSnapshot snapshot) {
        for (int r = 0; r < regions.length; r++) {
            if (machine.hasRegion(r)) {
                observe(regions[r].beingOpened());
            }
        }
        started = true;
        startedNs = world.time.nowNs();
        watch.follow(snapshot);
        hear(new Evidence.Started(clockNs(), inherited, snapshot));
        for (int r = 0; r < regions.length; r++) {
            if (machine.hasRegion(r)) {
                regions[r].open();
            }
        }
        watch.begin();
        lanes.probe();
    }

    /** Lets the scopes be planned whose plans time itself may change, at the beat of the shell. */
    private void awaitDue() {
        long firstNs = Long.MAX_VALUE;
        for (long each : dueNs) {
            firstNs = Math.min(firstNs, each);
        }
        long nowNs = world.time.nowNs();
        long beats = (nowNs + Math.max(0, firstNs - clockNs()) - startedNs) / TICK_NS + 1;
        long atNs = startedNs + beats * TICK_NS;
        if (atNs >= dueEventNs) {
            return; // it comes by before
        }
        dueEventNs = atNs;
        after(atNs - nowNs, () -> {
            if (atNs == dueEventNs) {
                dueEventNs = Long.MAX_VALUE;
                planDue();
            }
        });
    }

    private void planDue() {
        long nowNs = clockNs();
        for (int number = 0; number < dueNs.length; number++) {
            if (dueNs[number] <= nowNs) {
                mark(number);
            }
        }
        if (queued == 0) {
            awaitDue(); // its clock is slow: not yet
        }
        drain();
    }

    void regionComes(int region) {
        if (started && !regions[region].isOpen()) {
            hear(regions[region].beingOpened());
            regions[region].open();
        }
    }

    void regionGoes(int region) {
        regions[region].close();
        if (started) {
            hear(new Evidence.RegionGone(clockNs(), StormSettings.REGIONS.get(region), "its directory is gone"));
        }
    }

    /** {@return what a successor will find} */
    Memory die() {
        dead = true;
        kernel.onUevent(uevent -> {});
        return saved.started() ? Core.memory(saved) : inherited;
    }

    /** {@return what it has found} */
    Memory inherited() {
        return inherited;
    }

    /** Takes a piece of evidence and does what follows from it. */
    void hear(Evidence evidence) {
        if (dead) {
            return;
        }
        observe(evidence);
        drain();
    }

    @SuppressWarnings("ReferenceEquality") // another list is another object
    void observe(Evidence evidence) {
        List<Eviction> vouchedFor = state.evictions();
        Observed observed = Core.observe(state, evidence);
        state = observed.state();
        if (state.evictions() != vouchedFor) {
            world.judge.vouches(this);
        }
        List<LogEvent> events = observed.events();
        for (int i = 0; i < events.size(); i++) {
            world.trace.heard(machine, events.get(i));
        }
        for (Scope scope : observed.dirty()) {
            mark(scope);
        }
    }

    private void mark(Scope scope) {
        mark(scope instanceof Scope.OfRegion ofRegion ? 1 + StormSettings.REGIONS.indexOf(ofRegion.region()) : 0);
    }

    private void mark(int number) {
        if (!dirty[number]) {
            dirty[number] = true;
            queue[queued++] = number;
        }
    }

    /** It is about to be planned by all that is known. */
    private void unmark(int number) {
        if (dirty[number]) {
            dirty[number] = false;
            int kept = 0;
            for (int i = 0; i < queued; i++) {
                if (queue[i] != number) {
                    queue[kept++] = queue[i];
                }
            }
            queued = kept;
        }
    }

    private void drain() {
        if (queued == 0) {
            looksAt(); // the most part: nothing to plan, nothing new to wait for
            return;
        }
        if (planning || !started) {
            return;
        }
        planning = true;
        while (queued > 0 && !dead) {
            plan(queue[0]);
        }
        planning = false;
        if (!dead) {
            awaitDue();
            looksAt();
        }
    }

    /** Faults may wait for a step that a lockspace takes. */
    @SuppressWarnings("ReferenceEquality") // other lockspaces are another object
    private void looksAt() {
        if (state.lockspaces() != lookedAt) {
            lookedAt = state.lockspaces();
            world.looksAt(machine);
        }
    }

    private void plan(int number) {
        Scope scope = world.scopes[number];
        observe(new Evidence.Tick(clockNs()));
        Planned planned = planAndDecide(number);
        for (int round = 1; !planned.isFinal(); round++) {
            if (round == MOST_ROUNDS) {
                world.judge.violated("liveness: the plan of " + scope + " on node " + machine.number
                        + " never settles: " + planned.decisions());
                return;
            }
            planned = planAndDecide(number);
        }
        List<Mutation> mutations = planned.mutations();
        for (int i = 0; i < mutations.size(); i++) {
            order(mutations.get(i));
            if (dead) {
                return;
            }
        }
        save();
        dueNs[number] = Math.min(planned.dueNs(), state.nowNs() + LONGEST_NS);
        if (number > 0) {
            regions[number - 1].board().pace(planned.changeOpen());
            Pen pen = regions[number - 1].pen();
            planned.report().ifPresentOrElse(pen::give, pen::takeBack);
        }
    }

    private Planned planAndDecide(int number) {
        unmark(number);
        Planned planned = Core.plan(state, world.scopes[number]);
        decide(planned);
        return planned;
    }

    private void decide(Planned planned) {
        State before = state;
        List<Decision> decisions = planned.decisions();
        for (int i = 0; i < decisions.size(); i++) {
            world.judge.decides(this, before, decisions.get(i));
            observe(new Evidence.Decided(clockNs(), decisions.get(i)));
        }
    }

    private void order(Mutation mutation) {
        world.judge.orders(this, mutation);
        observe(new Evidence.Dispatched(clockNs(), mutation));
        if (!save() && mutation instanceof Mutation.Start) {
            Outcome outcome = new Outcome.Failed("EIO", Outcome.ErrorClass.NOT_BEGUN, "memory is not saved");
            observe(new Evidence.Applied(clockNs(), mutation, outcome));
            return;
        }
        lanes.execute(mutation);
    }

    private boolean save() {
        if (machine.mishaps.unsavedUntilNs > world.time.nowNs()) {
            return saved.started() && Core.memory(state).equals(Core.memory(saved));
        }
        saved = state;
        return true;
    }
}
