// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.board.Report;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.core.Core;
import dev.lockstep.core.Observed;
import dev.lockstep.core.Planned;
import dev.lockstep.core.Scope;
import dev.lockstep.core.State;
import dev.lockstep.domain.RegionId;
import dev.lockstep.event.LogEvent;
import dev.lockstep.evidence.Decision;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.BootClock;
import dev.lockstep.port.EventLog;
import dev.lockstep.port.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Runs the pure core: holds its state, feeds its decisions back and keeps its memory. The core's thread only, but for
 * {@link #state()}.
 */
final class CoreLoop {
    private static final Logger LOG = LoggerFactory.getLogger(CoreLoop.class);

    /** Decisions settle in a handful of rounds; a plan that never does is a bug and must not spin. */
    private static final int MOST_ROUNDS = 1000;

    /**
     * What is to be done outside.
     *
     * @param scope what was planned
     * @param mutations for the lanes, already known to the core as dispatched
     * @param report for the board
     * @param changeOpen whether to read the board often
     */
    record Acts(Scope scope, List<Mutation> mutations, Optional<Report> report, boolean changeOpen) {}

    /** Plans are made anew after this even if nothing asks for it: a mark that is missing must cost time, not more. */
    private static final long LONGEST_NS = 30_000_000_000L;

    private final Sinks.Many<Scope> marks = Sinks.many().unicast().onBackpressureBuffer();
    private volatile State state;
    private final BootClock clock;
    private final EventLog log;
    private final MemoryStore store;
    private final LastingWriter lasting;
    private final PlanAudit audit = new PlanAudit();
    private final Map<Scope, Long> dueNs = new HashMap<>();

    /** What became dirty, or due, since it was planned last: a mark may be older than the plan that has seen to it. */
    private final Set<Scope> stale = new HashSet<>();

    private @Nullable Memory saved;
    private boolean saveFailed;

    /** The core's thread: the first that came. */
    private volatile @Nullable Thread owner;

    CoreLoop(ClusterFacts facts, BootClock clock, EventLog log, MemoryStore store, LastingWriter lasting) {
        state = Core.initial(facts);
        this.clock = clock;
        this.log = log;
        this.store = store;
        this.lasting = lasting;
    }

    /** {@return the newest state, for any thread} */
    State state() {
        return state;
    }

    /** {@return the highest seq the own report in {@code region} is known to have had} */
    long recalledSeq(RegionId region) {
        return state.lastOwnSeq(region);
    }

    /**
     * {@return the scopes that {@code evidence} makes worth a plan}
     *
     * @throws IllegalStateException on a second thread, whose evidence or the core's own would be lost: a bug
     */
    Set<Scope> observe(Evidence evidence) {
        ownedBy(Thread.currentThread(), evidence);
        Observed observed = Core.observe(state, evidence);
        state = observed.state();
        for (LogEvent event : observed.events()) {
            log.append(event);
        }
        stale.addAll(observed.dirty());
        assert audit.holds(state, observed.dirty(), evidence);
        return observed.dirty();
    }

    /** Always, not as an assertion: it costs next to nothing, and whoever goes on without some evidence risks data. */
    @SuppressWarnings("ReferenceEquality") // the very one
    private void ownedBy(Thread now, Evidence evidence) {
        Thread first = owner;
        if (first == null) {
            owner = now;
        } else if (first != now) {
            throw new IllegalStateException(
                    "the core's thread is " + first.getName() + ", not " + now.getName() + ": " + evidence);
        }
    }

    /** Observes at once what the shell itself does; the scopes follow by {@link #marks}. */
    void note(Evidence evidence) {
        observe(evidence).forEach(scope -> Emit.to(marks, scope));
    }

    /** {@return scopes made dirty by what was noted; one subscriber} */
    Flux<Scope> marks() {
        return marks.asFlux();
    }

    /** {@return the scopes whose plans may come out otherwise by now, though nothing was learnt} */
    List<Scope> due() {
        long nowNs = clock.nowNs();
        List<Scope> due = List.of(); // nearly always
        for (Map.Entry<Scope, Long> planned : dueNs.entrySet()) {
            if (planned.getValue() <= nowNs) {
                due = due.isEmpty() ? new ArrayList<>() : due;
                due.add(planned.getKey());
            }
        }
        stale.addAll(due);
        return due;
    }

    /** {@return whether the scope is worth a plan still} */
    boolean isStale(Scope scope) {
        return stale.contains(scope);
    }

    /**
     * {@return what shall happen in {@code scope}, decisions taken and memory saved}
     *
     * <p>Planned by the time of now, not of the latest evidence: a machine may have stood still in between.
     */
    Acts plan(Scope scope) {
        observe(new Evidence.Tick(clock.nowNs()));
        Planned planned = planAndDecide(scope);
        for (int round = 1; !planned.isFinal(); round++) {
            if (round == MOST_ROUNDS) {
                throw new IllegalStateException("the plan of " + scope + " never settles: " + planned.decisions());
            }
            planned = planAndDecide(scope);
        }
        List<Mutation> going = new ArrayList<>();
        for (Mutation mutation : planned.mutations()) {
            note(new Evidence.Dispatched(clock.nowNs(), mutation));
            Optional<String> unsaved = save();
            if (mutation instanceof Mutation.Start && unsaved.isPresent()) {
                // A successor that knows of a start less than the kernel does could not adopt it.
                note(new Evidence.Applied(clock.nowNs(), mutation, notSaved(unsaved.get())));
            } else {
                going.add(mutation);
            }
        }
        save();
        dueNs.put(scope, Math.min(planned.dueNs(), state.nowNs() + LONGEST_NS));
        assert audit.planned(scope, planned.decided());
        return new Acts(scope, going, planned.report(), planned.changeOpen());
    }

    private Planned planAndDecide(Scope scope) {
        stale.remove(scope);
        Planned planned = Core.plan(state, scope);
        for (Decision decision : planned.decisions()) {
            note(new Evidence.Decided(clock.nowNs(), decision));
        }
        return planned;
    }

    private static Outcome notSaved(String why) {
        return new Outcome.Failed("EIO", Outcome.ErrorClass.NOT_BEGUN, "not started, memory is not saved: " + why);
    }

    private Optional<String> save() {
        if (!state.started()) {
            return Optional.empty(); // what the predecessor left was not read yet
        }
        Memory memory = Core.memory(state);
        lasting.keep(memory.lasting());
        if (memory.equals(saved)) {
            return Optional.empty();
        }
        try {
            store.save(memory);
            saved = memory;
            saveFailed = false;
            return Optional.empty();
        } catch (IOException e) {
            if (!saveFailed) {
                saveFailed = true;
                LOG.error("memory cannot be saved, nothing is started meanwhile: {}", e.getMessage());
            }
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
