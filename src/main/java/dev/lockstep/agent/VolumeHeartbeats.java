// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.core.Core;
import dev.lockstep.core.RegionState;
import dev.lockstep.core.State;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.flow.Complaint;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.port.BootClock;
import dev.lockstep.region.RegionLayout;
import dev.lockstep.region.VolumeSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the kernel's heartbeat in OCFS2 volumes that lockspaces are named by, and stops it where no lockspace is named
 * by one any more. Which those are is the core's to say; a region is stopped only once the core has given it up, so
 * that nothing joins by it meanwhile. What a former agent has started goes on.
 *
 * <p>{@link #look} is called again and again by one thread; the rest happens on the executor.
 */
final class VolumeHeartbeats {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeHeartbeats.class);

    /** What this agent has done with a volume's region. */
    private enum Stage {
        STARTING,
        STARTED,
        STOPPING,
        FAILED
    }

    /** How the volume's region becomes known to the pipeline. */
    interface Announcer {

        /** {@return how the region's device is opened} */
        RegionChange.Opener opener(RegionLayout layout, Path device);

        /** Announces a region that the kernel heartbeats in once more. */
        void announceAgain(RegionId region);
    }

    private final KernelHeartbeat kernel;
    private final VolumeSearch search;
    private final NumberWatch watch;
    private final Announcer announcer;
    private final Supplier<State> state;
    private final Consumer<Evidence> tell;
    private final BootClock clock;
    private final Executor executor;
    private final Complaint unlisted = new Complaint();

    /** Of each region that is to be stopped and cannot be. */
    private final Map<RegionId, Complaint> unstopped = new ConcurrentHashMap<>();

    private final Map<RegionId, Stage> stages = new ConcurrentHashMap<>();

    /**
     * @param kernel starts and stops regions
     * @param search finds volumes
     * @param watch looks whether this node's number is free where it does not heartbeat yet
     * @param announcer opens regions and announces them
     * @param state the core's newest state
     * @param tell takes evidence for the core
     * @param clock CLOCK_BOOTTIME
     * @param executor for what takes seconds; several at a time
     */
    VolumeHeartbeats(
            KernelHeartbeat kernel,
            VolumeSearch search,
            NumberWatch watch,
            Announcer announcer,
            Supplier<State> state,
            Consumer<Evidence> tell,
            BootClock clock,
            Executor executor) {
        this.kernel = kernel;
        this.search = search;
        this.watch = watch;
        this.announcer = announcer;
        this.state = state;
        this.tell = tell;
        this.clock = clock;
        this.executor = executor;
    }

    /** Compares what is wanted with what runs, and begins what is missing. */
    void look() {
        State now = state.get();
        SortedSet<RegionId> wanted = Core.volumesWanted(now);
        if (wanted.isEmpty() && stages.isEmpty()) {
            return;
        }
        // Taken before the regions are listed: what ends in between must not look as if it had vanished.
        Map<RegionId, Stage> before = Map.copyOf(stages);
        Set<RegionId> running;
        try {
            running = kernel.regions().keySet();
            unlisted.end();
        } catch (IOException e) {
            if (unlisted.isNews(String.valueOf(e.getMessage()))) {
                LOG.warn("No volume's region is started or stopped: the kernel's cannot be listed: {}", e.getMessage());
            }
            return;
        }
        for (RegionId region : wanted) {
            want(now, region, Optional.ofNullable(before.get(region)), running.contains(region));
        }
        before.forEach((region, stage) -> {
            if (!wanted.contains(region)) {
                giveUp(now, region, stage, running.contains(region));
            }
        });
    }

    private void want(State now, RegionId region, Optional<Stage> stage, boolean runs) {
        boolean settled = stage.isEmpty() || stage.get() == Stage.STARTED;
        if (runs) {
            RegionState known = now.regions().get(region);
            boolean givenUp = known != null && !known.present();
            if (givenUp && settled) {
                announcer.announceAgain(region);
            }
        } else if (settled && !isBroughtUp(now, region)) {
            stages.put(region, Stage.STARTING);
            executor.execute(() -> start(region));
        }
    }

    /** What the settings name is started where it is found, and goes on without lockspaces. */
    private static boolean isNamed(State now, RegionId region) {
        RegionState known = now.regions().get(region);
        return known != null && known.named();
    }

    /** What the settings name and was found is about to be started; what ended since is started as any other. */
    private static boolean isBroughtUp(State now, RegionId region) {
        RegionState known = now.regions().get(region);
        return known != null && known.named() && known.present();
    }

    private void giveUp(State now, RegionId region, Stage stage, boolean runs) {
        if (isNamed(now, region)) {
            stages.remove(region, Stage.STARTED);
            stages.remove(region, Stage.FAILED);
        } else if (stage == Stage.FAILED || (stage == Stage.STARTED && !runs)) {
            stages.remove(region);
            tell.accept(new Evidence.RegionUnneeded(clock.nowNs(), region));
        } else if (stage == Stage.STARTED) {
            RegionState known = now.regions().get(region);
            if (known == null || known.present()) {
                tell.accept(new Evidence.RegionUnneeded(clock.nowNs(), region));
            } else {
                stages.put(region, Stage.STOPPING);
                executor.execute(() -> stop(region));
            }
        }
    }

    private void start(RegionId region) {
        try {
            VolumeSearch.Found volume = search.find(region);
            requireFree(volume);
            LOG.info("Starting the heartbeat in region {} on {}", region, volume.device());
            if (kernel.start(volume.layout(), volume.device())) {
                stages.put(region, Stage.STARTED);
            } else {
                stages.remove(region); // somebody else did meanwhile: it is not this agent's to stop
            }
        } catch (IOException | NumberInUse e) {
            LOG.error("Region {}, which a lockspace is named by, cannot be started: {}", region, e.getMessage());
            failed(region, e);
        } catch (RuntimeException e) {
            // A bug, too, must not leave the create waiting without a word.
            LOG.error("Region {}, which a lockspace is named by, cannot be started", region, e);
            failed(region, e);
        }
    }

    private void failed(RegionId region, Exception why) {
        stages.put(region, Stage.FAILED);
        tell.accept(new Evidence.RegionMissing(clock.nowNs(), region, String.valueOf(why.getMessage())));
    }

    private void requireFree(VolumeSearch.Found volume) throws IOException, NumberInUse {
        RegionId region = volume.layout().name();
        SortedMap<RegionId, String> unread =
                watch.requireFree(Map.of(region, announcer.opener(volume.layout(), volume.device())), kernel::beatsIn);
        if (!unread.isEmpty()) {
            throw new IOException(volume.device() + " cannot be watched: " + unread.get(region));
        }
    }

    private void stop(RegionId region) {
        try {
            kernel.stop(region);
            LOG.info("The heartbeat in region {} is stopped: no lockspace is named by it any more", region);
            unstopped.remove(region);
            stages.remove(region);
        } catch (IOException e) {
            if (unstopped.computeIfAbsent(region, its -> new Complaint()).isNews(String.valueOf(e.getMessage()))) {
                LOG.warn("Region {} is not stopped: {}", region, e.getMessage());
            }
            stages.put(region, Stage.STARTED);
        }
    }
}
