// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.agent.RegionFinder.Named;
import dev.lockstep.config.Settings;
import dev.lockstep.domain.RegionId;
import dev.lockstep.flow.Complaint;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.region.DeviceProbes;
import dev.lockstep.region.RegionLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Which regions there are: those the settings name, and those the kernel heartbeats in. Found once before the pipeline
 * starts, then watched on a thread of its own, since regions come and go and a start takes the kernel ten seconds.
 */
final class Regions implements VolumeHeartbeats.Announcer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Regions.class);
    private static final Duration WATCH_EVERY = Duration.ofSeconds(1);

    private final Settings settings;
    private final KernelHeartbeat kernel;
    private final NumberWatch watch;
    private final boolean readOnly;
    private final RegionFinder finder;
    private final Sinks.Many<RegionChange> changes = Sinks.many().unicast().onBackpressureBuffer();

    // Of the thread that finds, then of the one that watches
    private final SortedMap<RegionId, RegionLayout> toStart = new TreeMap<>();
    private final Set<RegionId> beating = new HashSet<>();

    private final Complaint unlisted = new Complaint();

    /** Of each region of the settings, over all that is tried to bring it up. */
    private final Map<Settings.Region, Complaint> complaints = new ConcurrentHashMap<>();

    /** Named regions that cannot be used yet; also of the threads that bring one up. */
    private final Set<Settings.Region> missing = ConcurrentHashMap.newKeySet();

    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param watch looks whether this node's number is free where the kernel does not heartbeat yet
     * @param probes looks at devices
     * @param readOnly whether nothing may be started
     */
    Regions(Settings settings, KernelHeartbeat kernel, NumberWatch watch, DeviceProbes probes, boolean readOnly) {
        this(
                settings,
                kernel,
                watch,
                new RegionFinder(probes, settings.heartbeatPeriod(), readOnly ? Access.READ : Access.READ_WRITE),
                readOnly);
    }

    Regions(Settings settings, KernelHeartbeat kernel, NumberWatch watch, RegionFinder finder, boolean readOnly) {
        this.finder = finder;
        this.settings = settings;
        this.kernel = kernel;
        this.watch = watch;
        this.readOnly = readOnly;
    }

    /** {@return the device of a region, for people} */
    String device(RegionId region) {
        return finder.device(region).map(Path::toString).orElse("?");
    }

    /** {@return how many regions are known} */
    int count() {
        return finder.count();
    }

    /** {@return regions as they come and go after {@link #atStart}; one subscriber} */
    Flux<RegionChange> changes() {
        return changes.asFlux();
    }

    /**
     * {@return every region that can be found now} Takes three heartbeats where the kernel does not beat yet. May be
     * asked again before {@link #watch}; what was found before is forgotten.
     *
     * @throws NumberInUse if another machine has this node's number
     * @throws IOException if the kernel's own cannot be listed: what ran by them would be taken for left behind, and
     *     this node would have to go
     */
    List<RegionChange.Attached> atStart() throws NumberInUse, IOException {
        finder.forget();
        toStart.clear();
        beating.clear();
        missing.clear();
        SortedMap<RegionId, KernelHeartbeat.Found> running = kernel.regions();
        beating.addAll(running.keySet());
        // Of those the settings name, too: what the kernel beats in may be named by another path, and hang by both.
        SortedMap<RegionId, Pending<RegionLayout>> boards = lookForBoards(running);
        List<Named> named = new ArrayList<>(named(settings.regions()));
        named.removeAll(notFree(
                named.stream().filter(n -> !beating.contains(n.layout().name())).toList()));
        named.forEach(n -> toStart.put(n.layout().name(), n.layout()));
        List<RegionChange.Attached> found = new ArrayList<>();
        named.forEach(n -> found.add(n.attached()));
        running.forEach((id, region) -> {
            if (finder.device(id).isEmpty()) {
                found.add(finder.ofKernel(
                        id, region, Objects.requireNonNull(boards.get(id)).await()));
            }
        });
        return found;
    }

    /** {@return those that could not be watched; they count as missing, so nothing is written there} */
    private List<Named> notFree(List<Named> candidates) throws NumberInUse {
        if (readOnly) {
            return List.of();
        }
        Map<RegionId, RegionChange.Opener> openers = new TreeMap<>();
        candidates.forEach(n -> openers.put(n.layout().name(), n.attached().opener()));
        SortedMap<RegionId, String> unread = watch.requireFree(openers, kernel::beatsIn);
        List<Named> put = candidates.stream()
                .filter(n -> unread.containsKey(n.layout().name()))
                .toList();
        put.forEach(each -> leaveForNow(each, unread.get(each.layout().name())));
        return put;
    }

    private void leaveForNow(Named named, @Nullable String why) {
        finder.forget(named.layout().name());
        missing(named.region(), why);
    }

    private void missing(Settings.Region region, @Nullable String why) {
        missing.add(region);
        if (complaint(region).isNews(String.valueOf(why))) {
            LOG.error("Region on {} cannot be used: {}", region.device(), why);
        }
    }

    private Complaint complaint(Settings.Region region) {
        return complaints.computeIfAbsent(region, its -> new Complaint());
    }

    /**
     * Starts the kernel's heartbeat where it does not run, and watches.
     *
     * @param volumes looks after regions that lockspaces are named by, now and then
     */
    void watch(Runnable volumes) {
        onThread("lockstep-regions", () -> run(volumes));
    }

    @Override
    public RegionChange.Opener opener(RegionLayout layout, Path device) {
        return finder.opener(layout, device);
    }

    @Override
    public void announceAgain(RegionId region) {
        kernelRegions()
                .map(listed -> listed.get(region))
                .ifPresent(found -> emit(finder.ofKernel(region, found, finder.withBoard(found))));
    }

    /** {@return those that are found} All at once: any number of devices that hang costs the time of one. */
    private List<Named> named(Collection<Settings.Region> regions) {
        List<Pending<Optional<Named>>> looks = regions.stream()
                .map(region -> Pending.begin("lockstep-find", () -> named(region)))
                .toList();
        return looks.stream().flatMap(look -> look.await().stream()).toList();
    }

    /** All at once, and beside those for what the settings name. */
    private SortedMap<RegionId, Pending<RegionLayout>> lookForBoards(Map<RegionId, KernelHeartbeat.Found> regions) {
        SortedMap<RegionId, Pending<RegionLayout>> looks = new TreeMap<>();
        regions.forEach(
                (id, region) -> looks.put(id, Pending.begin("lockstep-find-" + id, () -> finder.withBoard(region))));
        return looks;
    }

    private Optional<Named> named(Settings.Region region) {
        try {
            Named found = finder.named(region);
            missing.remove(region);
            return Optional.of(found);
        } catch (IOException e) {
            missing(region, e.getMessage());
            return Optional.empty();
        }
    }

    private void run(Runnable volumes) {
        while (!closesWithin(WATCH_EVERY)) {
            try {
                look(volumes);
            } catch (RuntimeException e) {
                LOG.error("A look after the regions failed, the next comes in {} s", WATCH_EVERY.toSeconds(), e);
            }
        }
    }

    private void look(Runnable volumes) {
        startHeartbeats();
        kernelRegions().ifPresent(this::compare);
        volumes.run();
        named(List.copyOf(missing))
                .forEach(late -> onThread("lockstep-watch-" + late.layout().name(), () -> bringUp(late)));
    }

    /** Waits for the next look, or for the end. */
    private boolean closesWithin(Duration pause) {
        return Pause.endsWithin(closed, pause);
    }

    /** A region that was not there at the start: as the others then, but nobody waits for it. */
    private void bringUp(Named late) {
        try {
            if (kernel.beatsIn(late.layout().name()) || notFree(List.of(late)).isEmpty()) {
                complaint(late.region()).end();
                emit(late.attached());
                start(late.layout(), late.region().device());
            }
        } catch (NumberInUse e) {
            LOG.error(
                    "{}: region {} is left alone", e.getMessage(), late.layout().name());
        } catch (IOException e) {
            leaveForNow(late, e.getMessage());
        }
    }

    private void startHeartbeats() {
        for (RegionLayout layout : toStart.values()) {
            // Each takes the kernel some ten seconds; they need not wait for each other.
            finder.device(layout.name())
                    .ifPresent(device -> onThread("lockstep-start-" + layout.name(), () -> start(layout, device)));
        }
        toStart.clear();
    }

    /** Runs what takes the kernel seconds. */
    static void onThread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts the kernel's heartbeat, or tells that it would. */
    void start(RegionLayout layout, Path device) {
        if (settings.heartbeat() != Settings.Heartbeat.KERNEL
                || !settings.o2cb().setup()) {
            return;
        }
        if (readOnly) {
            wouldStart(layout.name(), device);
            return;
        }
        HeartbeatStart start = new HeartbeatStart(
                () -> kernel.start(layout, device),
                () -> whyNotFree(layout, device),
                pause -> !closesWithin(pause),
                why -> {
                    LOG.error("Region {} on {}: {}; it is tried again", layout.name(), device, why);
                    emit(finder.attached(layout.name(), device, layout, why));
                });
        try {
            if (start.untilItBeats()) {
                LOG.info("The kernel heartbeats in region {} on {}", layout.name(), device);
            }
        } catch (NumberInUse e) {
            LOG.error("{}: region {} is left alone", e.getMessage(), layout.name());
        }
    }

    private void wouldStart(RegionId region, Path device) {
        try {
            if (!kernel.beatsIn(region)) {
                DryRun.would(DryRun.start(region, device));
            }
        } catch (IOException e) {
            LOG.warn("Region {} on {}: {}", region, device, e.getMessage());
        }
    }

    private Optional<String> whyNotFree(RegionLayout layout, Path device) throws NumberInUse {
        RegionId region = layout.name();
        try {
            return kernel.beatsIn(region)
                    ? Optional.empty()
                    : Optional.ofNullable(watch.requireFree(Map.of(region, opener(layout, device)), kernel::beatsIn)
                            .get(region));
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void compare(SortedMap<RegionId, KernelHeartbeat.Found> now) {
        for (RegionId id : List.copyOf(beating)) {
            if (!now.containsKey(id)) {
                beating.remove(id);
                emit(new RegionChange.Detached(id, "its directory in configfs is gone"));
            }
        }
        SortedMap<RegionId, KernelHeartbeat.Found> come = new TreeMap<>(now);
        come.keySet().removeAll(beating);
        lookForBoards(come).forEach((id, board) -> {
            RegionLayout place = board.await();
            beating.add(id);
            emit(finder.ofKernel(id, Objects.requireNonNull(come.get(id)), place));
        });
    }

    /** {@return what the kernel beats in; empty if it cannot be listed: what cannot be seen is not gone} */
    private Optional<SortedMap<RegionId, KernelHeartbeat.Found>> kernelRegions() {
        try {
            SortedMap<RegionId, KernelHeartbeat.Found> listed = kernel.regions();
            unlisted.end();
            return Optional.of(listed);
        } catch (IOException e) {
            if (unlisted.isNews(String.valueOf(e.getMessage()))) {
                LOG.warn("The kernel's regions cannot be listed: {}", e.getMessage());
            }
            return Optional.empty();
        }
    }

    /** By the watching and the starting threads, one at a time. */
    private synchronized void emit(RegionChange change) {
        Sinks.EmitResult result = changes.tryEmitNext(change);
        if (result.isFailure() && closed.getCount() > 0) {
            LOG.warn("{} was lost: {}", change, result);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
