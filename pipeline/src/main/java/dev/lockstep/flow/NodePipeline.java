// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.core.ClusterFacts;
import dev.lockstep.core.Scope;
import dev.lockstep.core.State;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.port.WakeUps.WakeUp;
import dev.lockstep.uevent.UeventSignal;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.GroupedFlux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

/**
 * One node's agent: region files and the uevent socket become streams, debounced, merged and grouped by region, then
 * mapped to lockspace mutations with backpressure and retry.
 *
 * <p><strong>Threads:</strong> state has one owner, the core's thread; whatever can block has a thread of its own, see
 * {@link FlowSchedulers}. <strong>Demand and loss:</strong> everything is level, not edge. A dirty mark that finds its
 * scope busy makes that scope be planned once more, however many there were; beats of clocks are dropped, readings
 * replaced by newer ones. Uevents and results are never dropped here; the uevent source says when it lost some, and
 * then everything is read again, until that has succeeded. <strong>Errors:</strong> sources are retried for ever with
 * growing pauses. A failing plan is a bug: the pipeline stops at once and lockspaces stay as they are; so it does after
 * whatever escapes a task.
 */
public final class NodePipeline {
    private static final Logger LOG = LoggerFactory.getLogger(NodePipeline.class);

    /** Uevents kept while the kernel is read for the first time; what exceeds it waits in the source. */
    private static final int UEVENTS_AHEAD = 256;

    /** Evidence taken at once; more would only age. */
    private static final int EVIDENCE_AHEAD = 32;

    /** Where Reactor looks for a subscription's own handler of late errors, see reactor.core.publisher.Hooks. */
    private static final String DROPPED = "reactor.onErrorDropped.local";

    private final NodePorts ports;
    private final FlowContext context;
    private final CoreLoop loop;
    private final RegionFlows regions;
    private final RecoveryWatch watch;
    private final LostUevents lost;
    private final UnusableNames unusable;
    private final Lanes lanes;
    private final UeventTally uevents = new UeventTally();

    /**
     * @param schedulers the threads; they stay the caller's
     */
    public NodePipeline(ClusterFacts facts, NodePorts ports, FlowSchedulers schedulers, FlowSettings settings) {
        this.ports = ports;
        context = new FlowContext(facts.nodes(), schedulers, settings, ports.clock(), new Inbox(schedulers.core()));
        LastingWriter lasting = new LastingWriter(ports.memory(), schedulers.lasting());
        loop = new CoreLoop(facts, ports.clock(), ports.log(), ports.memory(), lasting);
        regions = new RegionFlows(
                ports.regionsAtStart(), ports.regions(), context, ports.wakeUps(), loop::recalledSeq, loop::note);
        watch = new RecoveryWatch(ports.kernel(), context);
        lost = new LostUevents(watch.readAfterLoss(), context);
        unusable = new UnusableNames(ports.kernel(), ports.clock());
        lanes = new Lanes(ports.kernel(), ports.fence(), schedulers, ports.clock());
    }

    /**
     * Starts; once.
     *
     * @param onFailure told once if the pipeline dies of a bug or of what the machine lacks, on the thread that met it
     * @return stops it, soon, on the core's thread, so that nothing is begun while it ends; what is in the kernel or on
     *     its way to a disk ends by itself
     */
    public Disposable start(Consumer<? super Throwable> onFailure) {
        AtomicBoolean over = new AtomicBoolean();
        Disposable.Swap running = Disposables.swap();
        Disposable stop = () -> {
            over.set(true);
            try {
                context.core().schedule(running::dispose);
            } catch (RejectedExecutionException e) {
                running.dispose(); // stopped before, its threads are taken back
            }
        };
        // Operators that let an Error through are stuck, though others go on: an agent that only looks alive.
        context.schedulers().onEscape(failure -> {
            if (over.get()) {
                dropped(failure);
            } else {
                failed(failure, over, onFailure);
                stop.dispose();
            }
        });
        Flux<Evidence> results = mutations().contextWrite(Context.of(DROPPED, (Consumer<Throwable>) this::dropped));
        running.update(results.subscribe(context.inbox()::put, failure -> failed(failure, over, onFailure)));
        return stop;
    }

    private static void failed(Throwable failure, AtomicBoolean over, Consumer<? super Throwable> onFailure) {
        if (over.getAndSet(true)) {
            return;
        }
        try {
            LOG.error("the pipeline stops; lockspaces stay as they are", failure);
        } finally {
            onFailure.accept(failure);
        }
    }

    /** At the end threads are taken back, while one may still cancel what goes on on another. */
    private void dropped(Throwable failure) {
        if (!(failure instanceof RejectedExecutionException)) {
            LOG.error("a failure that nobody waits for", failure);
        }
    }

    /** Tells the core what the shell cannot see, such as an administrator's word. For any thread. */
    public void tell(Evidence evidence) {
        context.inbox().put(evidence);
    }

    /** {@return the newest state, for queries on any thread; never waits} */
    public Supplier<State> state() {
        return loop::state;
    }

    /** {@return how many uevents came and went unused, for any thread} */
    public UeventTally ueventTally() {
        return uevents;
    }

    private Flux<Evidence> mutations() {
        Scheduler core = context.core();
        Flux<Scope> observed =
                evidence().publishOn(core, EVIDENCE_AHEAD).doOnNext(this::hear).concatMapIterable(loop::observe);
        return Flux.merge(observed, loop.marks(), due())
                .groupBy(Function.identity(), Integer.MAX_VALUE)
                .flatMap(this::plans, Integer.MAX_VALUE)
                .doOnNext(this::publish)
                .flatMapIterable(CoreLoop.Acts::mutations)
                .flatMap(lanes::execute, Integer.MAX_VALUE);
    }

    private Flux<CoreLoop.Acts> plans(GroupedFlux<Scope, Scope> scope) {
        // The mark may wait for the scope, never the scope for its marks; the group stays when its region goes, since
        // that is when there is most to plan.
        return scope.onBackpressureLatest()
                .publishOn(context.core(), 1)
                .filter(loop::isStale)
                .map(loop::plan);
    }

    private Flux<Evidence> evidence() {
        ConnectableFlux<Evidence> uevents = uevents().publish(UEVENTS_AHEAD);
        // Connected before the kernel is read: what happens meanwhile waits, it is not missed.
        return Flux.using(
                uevents::connect,
                connection -> Flux.concat(
                        regions.atStart(),
                        started(),
                        Flux.merge(
                                regions.evidence(),
                                uevents,
                                watch.evidence(),
                                ports.wakeUps().received().onBackpressureDrop().map(this::heard),
                                context.inbox().evidence())),
                Disposable::dispose);
    }

    private Mono<Evidence> started() {
        return Blocking.<Evidence>call(context.schedulers().watch(), () -> {
                    long nowNs = ports.clock().nowNs();
                    return new Evidence.Started(
                            nowNs,
                            ports.memory().load(),
                            unusable.refuseIn(ports.kernel().read(true)));
                })
                .retryWhen(readingAgain());
    }

    private Flux<Evidence> uevents() {
        Flux<Publisher<Evidence>> signals = new ReopenedUevents(ports.uevents(), context)
                .signals()
                .map(signal -> Flux.defer(() -> meaning(signal)));
        // One at a time: what is not taken yet waits in the source, which knows what to do when it is full.
        return Flux.merge(1, signals, lost.owed()).concatMap(Function.identity());
    }

    private Flux<Evidence> meaning(UeventSignal signal) {
        boolean worthALine = uevents.count(signal);
        if (signal instanceof UeventSignal.Received received) {
            return Flux.just(new Evidence.UeventReceived(ports.clock().nowNs(), received.uevent()));
        }
        if (signal instanceof UeventSignal.Malformed malformed) {
            // One line for each would be a flood of its own.
            return worthALine ? Flux.just(badInput("a uevent was not understood: " + malformed.why())) : Flux.empty();
        }
        if (signal instanceof UeventSignal.Unusable of) {
            return Blocking.call(context.schedulers().watch(), () -> unusable.answer(of))
                    .flatMapMany(Flux::fromStream);
        }
        Evidence loss = badInput("uevents were lost: " + ((UeventSignal.Overflow) signal).where());
        return Flux.concat(worthALine ? Flux.just(loss) : Flux.empty(), lost.read());
    }

    private Evidence badInput(String what) {
        return new Evidence.BadInput(ports.clock().nowNs(), what);
    }

    private Evidence heard(WakeUp wakeUp) {
        return new Evidence.PeerHeard(ports.clock().nowNs(), wakeUp.region(), wakeUp.node(), wakeUp.boot());
    }

    private Flux<Scope> due() {
        Duration tick = context.settings().tick();
        return Flux.interval(tick, tick, context.core()).onBackpressureDrop().concatMapIterable(beat -> loop.due(), 1);
    }

    private void hear(Evidence evidence) {
        regions.hear(evidence);
        watch.hear(evidence);
    }

    private void publish(CoreLoop.Acts acts) {
        if (acts.scope() instanceof Scope.OfRegion region) {
            regions.of(region.region()).ifPresent(flow -> flow.report(acts.report(), acts.changeOpen()));
        }
    }

    private Retry readingAgain() {
        return Retry.backoff(Long.MAX_VALUE, context.settings().retryAtLeast())
                .maxBackoff(context.settings().retryAtMost())
                .jitter(0)
                .scheduler(context.core())
                .filter(Exception.class::isInstance)
                .doBeforeRetry(signal -> LOG.warn("reading the kernel failed, trying again", signal.failure()));
    }
}
