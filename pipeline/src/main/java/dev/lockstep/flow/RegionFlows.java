// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.board.Report;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.port.WakeUps;
import dev.lockstep.port.WakeUps.WakeUp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The regions that are there now, each followed by its {@link RegionFlow}. */
final class RegionFlows {
    /** O2CB's own bound, see O2NM_MAX_REGIONS. */
    static final int MOST = 32;

    private final Map<RegionId, RegionFlow> flows = new ConcurrentHashMap<>();
    /** Of each region that was closed: when the last of its writes has ended, which may take as long as its disk. */
    private final Map<RegionId, Mono<Void>> written = new ConcurrentHashMap<>();

    private final Set<RegionId> announced = ConcurrentHashMap.newKeySet();
    private final List<RegionChange.Attached> atStart;
    private final Flux<RegionChange> changes;
    private final FlowContext context;
    private final WakeUps wakeUps;
    private final ToLongFunction<RegionId> recalledSeq;
    private final Consumer<Evidence> observer;

    /**
     * @param recalledSeq the highest own seq the core knows of
     * @param observer takes evidence on own reports, on the core's thread, before anything else happens with them
     */
    RegionFlows(
            List<RegionChange.Attached> atStart,
            Flux<RegionChange> changes,
            FlowContext context,
            WakeUps wakeUps,
            ToLongFunction<RegionId> recalledSeq,
            Consumer<Evidence> observer) {
        this.atStart = atStart;
        this.changes = changes;
        this.context = context;
        this.wakeUps = wakeUps;
        this.recalledSeq = recalledSeq;
        this.observer = observer;
    }

    /** {@return one RegionFound for each region known before the start; take it before {@link #evidence()}} */
    Flux<Evidence> atStart() {
        return Flux.fromIterable(atStart).map(attached -> {
            announced.add(attached.region());
            return beingOpened(attached);
        });
    }

    // A board is taken for granted, so that nobody concludes anything from one that is not open yet.
    private Evidence beingOpened(RegionChange.Attached attached) {
        return found(attached, Integer.MAX_VALUE, "is being opened");
    }

    private Evidence found(RegionChange.Attached attached, int copyBytes, String trouble) {
        return new Evidence.RegionFound(
                context.clock().nowNs(), attached.region(), attached.named(), copyBytes, trouble);
    }

    /**
     * {@return the evidence of all regions}
     *
     * <p>Each region has its own threads, so one that hangs delays only itself. Never ends. Regions past {@link #MOST}
     * are refused by name until they are attached anew, and nothing of them is read.
     */
    Flux<Evidence> evidence() {
        return Flux.concat(Flux.fromIterable(atStart), changes)
                .publishOn(context.core(), 1)
                .groupBy(RegionChange::region, Integer.MAX_VALUE)
                .flatMap(region -> region.switchMap(this::follow), Integer.MAX_VALUE);
    }

    private Flux<Evidence> follow(RegionChange change) {
        if (change instanceof RegionChange.Attached attached) {
            if (flows.size() >= MOST) {
                announced.remove(attached.region());
                String trouble = "no room for it: " + MOST + " regions are attached already";
                return Flux.just(found(attached, 0, trouble));
            }
            Flux<Evidence> followed = Flux.using(
                    () -> open(attached),
                    flow -> flow.evidence(this::tellPeers),
                    flow -> close(attached.region(), flow));
            return announced.remove(attached.region()) ? followed : followed.startWith(beingOpened(attached));
        }
        RegionChange.Detached detached = (RegionChange.Detached) change;
        return Flux.just(new Evidence.RegionGone(context.clock().nowNs(), detached.region(), detached.why()));
    }

    private RegionFlow open(RegionChange.Attached attached) {
        RegionId region = attached.region();
        Mono<Void> before = written.getOrDefault(region, Mono.empty());
        RegionFlow flow = new RegionFlow(attached, context, before, () -> recalledSeq.applyAsLong(region), observer);
        flows.put(region, flow);
        return flow;
    }

    private void close(RegionId region, RegionFlow flow) {
        flows.remove(region, flow);
        Mono<Void> before = written.getOrDefault(region, Mono.empty());
        Sinks.Empty<Void> ended = Sinks.empty();
        flow.close(() -> before.subscribe(nothing -> {}, failure -> {}, ended::tryEmitEmpty));
        written.put(region, ended.asMono().publishOn(context.core()));
    }

    private void tellPeers(Report report) {
        wakeUps.send(new WakeUp(report.region(), report.node(), report.boot()));
    }

    /** Takes every piece of evidence before the core does: who talks about a region has news on its board. */
    void hear(Evidence evidence) {
        if (evidence instanceof Evidence.PeerHeard heard) {
            of(heard.region()).ifPresent(RegionFlow::readAgain);
        }
    }

    /** {@return the region, if it is there} */
    Optional<RegionFlow> of(RegionId region) {
        return Optional.ofNullable(flows.get(region));
    }
}
