// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.DlmKernel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the kernel beside the lanes that write it, on a thread of its own: recover_status often while a lockspace
 * recovers and now and then while it runs, everything at long intervals and after lost uevents. A read that fails is
 * no news, the next one comes anyway; only that after lost uevents fails, see {@link LostUevents}.
 */
final class RecoveryWatch {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryWatch.class);

    /** fs/dlm's DLM_RS_DONE (fs/dlm/dlm_internal.h): this node has ended its last step. */
    private static final int DONE = 0x40;

    private final Set<LockspaceName> running = ConcurrentHashMap.newKeySet();
    /** Since when: a status read before says nothing about this recovery. */
    private final Map<LockspaceName, Long> recovering = new ConcurrentHashMap<>();

    private final DlmKernel kernel;
    private final UnusableNames unusable;
    private final FlowContext context;
    private final Pace pace;

    RecoveryWatch(DlmKernel kernel, FlowContext context) {
        this.kernel = kernel;
        unusable = new UnusableNames(kernel, context.clock());
        this.context = context;
        pace = new Pace(context.settings().runningPoll(), context.settings().recoveryPoll(), context.core());
    }

    /**
     * {@return RecoveryRead of each lockspace that was started here, and now and then KernelRead}
     *
     * <p>One subscriber. Emits on the watch thread. Beats that fall into a reading become one after it.
     */
    Flux<Evidence> evidence() {
        Flux<Evidence> recoveries = statusOf(recovering.keySet(), pace.beats());
        Flux<Evidence> runs = statusOf(running, every(context.settings().runningPoll()));
        Mono<Evidence> all = unlessItFails(readAll(false));
        Flux<Evidence> snapshots = every(context.settings().kernelPoll()).concatMap(beat -> all, 0);
        return Flux.merge(recoveries, runs, snapshots);
    }

    private Flux<Long> every(Duration pause) {
        return Flux.interval(pause, pause, context.core()).onBackpressureDrop();
    }

    /** {@return the whole kernel and the unanswered uevents, read now, or the IOException of that} */
    Mono<Evidence> readAfterLoss() {
        return readAll(true);
    }

    private Mono<Evidence> readAll(boolean afterOverflow) {
        return Blocking.call(context.schedulers().watch(), () -> {
            long startedNs = context.clock().nowNs();
            KernelSnapshot snapshot = unusable.refuseIn(kernel.read(afterOverflow));
            return new Evidence.KernelRead(context.clock().nowNs(), startedNs, snapshot, afterOverflow);
        });
    }

    /** Takes every piece of evidence before the core does: what was started is watched until it is stopped. */
    void hear(Evidence evidence) {
        if (evidence instanceof Evidence.Applied applied && applied.outcome() instanceof Outcome.Done) {
            applied.mutation().lockspace().ifPresent(name -> follow(name, applied));
        } else if (evidence instanceof Evidence.RecoveryRead read && (read.status() & DONE) != 0) {
            done(read);
        } else if (evidence instanceof Evidence.Started started) {
            follow(started.kernel(), started.atNs());
        } else if (evidence instanceof Evidence.KernelRead read) {
            follow(read.kernel(), read.startedNs());
        } else {
            return;
        }
        pace.changeOpen(!recovering.isEmpty());
    }

    private void done(Evidence.RecoveryRead read) {
        Long sinceNs = recovering.get(read.lockspace());
        if (sinceNs != null && read.readStartedNs() >= sinceNs) {
            recovering.remove(read.lockspace());
        }
    }

    private void follow(LockspaceName name, Evidence.Applied applied) {
        if (applied.mutation() instanceof Mutation.Start) {
            running.add(name);
            recovering.put(name, applied.atNs());
        } else if (applied.mutation() instanceof Mutation.Stop) {
            running.remove(name);
            recovering.remove(name);
        }
    }

    private void follow(KernelSnapshot snapshot, long readNs) {
        for (KernelLockspace each : snapshot.lockspaces().values()) {
            if (each.recoverStatus() != 0) {
                running.add(each.name());
                if ((each.recoverStatus() & DONE) == 0) {
                    recovering.putIfAbsent(each.name(), readNs);
                }
            }
        }
    }

    private Flux<Evidence> statusOf(Set<LockspaceName> names, Flux<Long> beats) {
        Flux<Evidence> reading = readStatusOf(names);
        return beats.filter(beat -> !names.isEmpty()).concatMap(beat -> reading, 0);
    }

    private Flux<Evidence> readStatusOf(Set<LockspaceName> names) {
        return unlessItFails(Blocking.call(context.schedulers().watch(), () -> {
                    List<Evidence> readings = new ArrayList<>();
                    for (LockspaceName name : new TreeSet<>(names)) {
                        long startedNs = context.clock().nowNs();
                        Optional<KernelLockspace> now = kernel.read(name);
                        if (now.isEmpty()) {
                            running.remove(name);
                            recovering.remove(name);
                            continue;
                        }
                        readings.add(new Evidence.RecoveryRead(
                                context.clock().nowNs(),
                                startedNs,
                                name,
                                now.get().recoverStatus(),
                                now.get().recoverNodeid()));
                    }
                    return readings;
                }))
                .flatMapIterable(readings -> readings);
    }

    private static <T> Mono<T> unlessItFails(Mono<T> reading) {
        Complaint complaint = new Complaint();
        return reading.doOnNext(read -> complaint.end()).onErrorResume(IOException.class, failure -> {
            if (complaint.isNews(String.valueOf(failure.getMessage()))) {
                LOG.warn("the kernel could not be read: {}", failure.getMessage());
            }
            return Mono.empty();
        });
    }
}
