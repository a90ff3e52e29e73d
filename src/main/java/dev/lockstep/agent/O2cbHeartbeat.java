// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.config.Settings;
import dev.lockstep.domain.RegionId;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.kernelfs.Modprobe;
import dev.lockstep.kernelfs.NativeKernelTree;
import dev.lockstep.nativeio.KernelFile;
import dev.lockstep.o2cb.O2cbNode;
import dev.lockstep.o2cb.O2cbPlan;
import dev.lockstep.o2cb.O2cbReader;
import dev.lockstep.o2cb.O2cbRegion;
import dev.lockstep.o2cb.O2cbSetup;
import dev.lockstep.o2cb.O2cbState;
import dev.lockstep.o2cb.SetUpOtherwise;
import dev.lockstep.region.RegionLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** O2CB through configfs. */
final class O2cbHeartbeat implements KernelHeartbeat {
    private final Settings settings;
    private final O2cbSetup setup;
    private final O2cbReader reader;

    /** Whether what somebody else set up was seen and is as configured. */
    private volatile boolean matches;

    O2cbHeartbeat(Settings settings) {
        this.settings = settings;
        KernelTree tree = new NativeKernelTree();
        this.setup = new O2cbSetup(tree, O2cbReader.CONFIGFS, new Modprobe(), KernelFile::writeDescriptorOf);
        this.reader = new O2cbReader(tree, O2cbReader.CONFIGFS);
    }

    @Override
    public void check() throws IOException {
        if (!settings.o2cb().setup()) {
            Optional<O2cbState> state = reader.read();
            if (state.isPresent()) {
                requireMatch(state.get());
            }
        }
    }

    @Override
    public void register() throws IOException {
        if (settings.o2cb().setup()) {
            setup.ensureCluster(plan());
        }
    }

    @Override
    public Optional<String> registration() throws IOException {
        if (!settings.o2cb().setup() || reader.read().filter(plan()::isDoneIn).isPresent()) {
            return Optional.empty();
        }
        return Optional.of("register with O2CB " + plan());
    }

    private O2cbPlan plan() {
        List<O2cbNode> nodes = settings.nodes().stream()
                .map(n -> new O2cbNode(n.name(), n.number(), n.address().getHostAddress(), n.port()))
                .toList();
        return new O2cbPlan(
                settings.clusterName(),
                settings.deadThreshold(),
                nodes,
                settings.self().number());
    }

    private void requireMatch(O2cbState state) throws SetUpOtherwise {
        List<String> contradictions = plan().contradictions(state);
        if (!contradictions.isEmpty()) {
            throw new SetUpOtherwise(contradictions);
        }
        matches = true;
    }

    @Override
    public boolean start(RegionLayout region, Path device) throws IOException {
        return setup.ensureRegion(
                settings.clusterName(),
                new O2cbRegion(region.name(), region.slotBytes(), region.startBlock(), region.slots()),
                device);
    }

    @Override
    public void stop(RegionId region) throws IOException {
        setup.removeRegion(settings.clusterName(), region);
    }

    @Override
    public SortedMap<RegionId, Found> regions() throws IOException {
        SortedMap<RegionId, Found> regions = new TreeMap<>();
        Optional<O2cbState> state = reader.read();
        if (state.isPresent()) {
            if (!settings.o2cb().setup() && !matches) {
                requireMatch(state.get()); // it may have come after this agent
            }
            for (O2cbState.Heartbeat each : state.get().regions()) {
                O2cbRegion place = each.region();
                if (each.isRunning() && !each.device().isEmpty()) {
                    RegionLayout layout =
                            RegionLayout.explicit(place.name(), place.blockBytes(), place.startBlock(), place.blocks());
                    regions.put(place.name(), new Found(Path.of("/dev", each.device()), layout));
                }
            }
        }
        return regions;
    }
}
