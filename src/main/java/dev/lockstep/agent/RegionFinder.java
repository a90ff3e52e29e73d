// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.config.Settings;
import dev.lockstep.domain.RegionId;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.region.DeviceProbes;
import dev.lockstep.region.DirectRegionDevice;
import dev.lockstep.region.RegionLayout;
import dev.lockstep.region.RegionProbe;
import dev.lockstep.region.UnusableRegion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds regions on devices, keeps in mind where, and opens them. Any thread. */
final class RegionFinder {
    private static final Logger LOG = LoggerFactory.getLogger(RegionFinder.class);

    private final DeviceProbes probes;
    private final Duration period;
    private final Access access;
    private final DeviceProbes.Look<Optional<RegionLayout>> probe;
    private final Map<RegionId, Path> devices = new ConcurrentHashMap<>();

    /** Those of them that the settings name. */
    private final Set<RegionId> namedIds = ConcurrentHashMap.newKeySet();

    /** A region of the settings that was found. */
    record Named(Settings.Region region, RegionLayout layout, RegionChange.Attached attached) {}

    /**
     * @param probes looks at devices
     * @param period of the heartbeat
     * @param access what regions are opened for
     */
    RegionFinder(DeviceProbes probes, Duration period, Access access) {
        this(probes, period, access, device -> RegionProbe.probe(device, Caching.DIRECT));
    }

    RegionFinder(DeviceProbes probes, Duration period, Access access, DeviceProbes.Look<Optional<RegionLayout>> probe) {
        this.probes = probes;
        this.period = period;
        this.access = access;
        this.probe = probe;
    }

    /** {@return where a region was found} */
    Optional<Path> device(RegionId region) {
        return Optional.ofNullable(devices.get(region));
    }

    /** {@return how many regions were found} */
    int count() {
        return devices.size();
    }

    /** Forgets all that was found. */
    void forget() {
        devices.clear();
        namedIds.clear();
    }

    /** Forgets where a region was found. */
    void forget(RegionId region) {
        devices.remove(region);
    }

    /**
     * {@return the region that the settings name, on its device}
     *
     * @throws IOException if it is not there, or not as they say
     */
    Named named(Settings.Region region) throws IOException {
        RegionLayout layout = probes.look(region.device(), device -> layout(region));
        devices.put(layout.name(), region.device());
        namedIds.add(layout.name());
        return new Named(region, layout, attached(layout.name(), region.device(), layout, trouble(layout)));
    }

    /**
     * {@return a region that the kernel heartbeats in}
     *
     * @param layout its place, {@link #withBoard}
     */
    RegionChange.Attached ofKernel(RegionId id, KernelHeartbeat.Found region, RegionLayout layout) {
        devices.put(id, region.device());
        return attached(id, region.device(), layout, trouble(layout));
    }

    /** {@return a region as the pipeline takes it} */
    RegionChange.Attached attached(RegionId id, Path device, RegionLayout layout, String trouble) {
        return new RegionChange.Attached(id, namedIds.contains(id), period, opener(layout, device), trouble);
    }

    RegionChange.Opener opener(RegionLayout layout, Path device) {
        return () -> open(device, layout);
    }

    private static String trouble(RegionLayout layout) {
        return layout.board().isEmpty() ? "it has no board" : "";
    }

    private RegionLayout layout(Settings.Region region) throws IOException {
        Optional<RegionLayout> probed = probe.at(region.device());
        if (probed.isPresent()) {
            RegionLayout found = probed.get();
            if (region.name()
                    .filter(n -> !n.equalsIgnoreCase(found.name().name()))
                    .isPresent()) {
                throw new UnusableRegion(region.device() + " carries region " + found.name() + ", the settings call it "
                        + region.name().get());
            }
            return found;
        }
        if (region.name().isEmpty() || region.startBlock().isEmpty()) {
            throw new UnusableRegion(region.device()
                    + " carries no region: format it with 'lockstep region format', or give name and start-block");
        }
        return RegionProbe.explicit(
                region.device(),
                new RegionId(region.name().get()),
                region.startBlock().get(),
                region.slots(),
                Caching.DIRECT);
    }

    /** {@return the region's place, with a board if there is one} configfs knows no boards; the device itself may. */
    RegionLayout withBoard(KernelHeartbeat.Found region) {
        try {
            Optional<RegionLayout> probed = probes.look(region.device(), probe);
            RegionLayout plain = region.layout();
            boolean same = probed.filter(p -> p.name().equals(plain.name()) && p.slotStart() == plain.slotStart())
                    .isPresent();
            return same ? probed.get() : plain;
        } catch (IOException e) {
            LOG.warn("{} cannot be searched for a board: {}", region.device(), e.getMessage());
            return region.layout();
        }
    }

    private RegionDevice open(Path device, RegionLayout layout) throws IOException {
        // Found again at each opening: another disk under the same name must not be taken for this one.
        Optional<RegionLayout> now = probe.at(device);
        if (now.isPresent() && !now.get().name().equals(layout.name())) {
            throw new UnusableRegion(device + " now carries region " + now.get().name() + ", not " + layout.name());
        }
        // The kernel's own view knows no board; the device did not answer when it was asked for one.
        RegionLayout place =
                now.filter(found -> found.slotStart() == layout.slotStart()).orElse(layout);
        return DirectRegionDevice.open(device, place, access, Caching.DIRECT);
    }
}
