// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.config.Node;
import dev.lockstep.config.Settings;
import dev.lockstep.control.StatusSnapshot;
import dev.lockstep.control.StatusSnapshot.LastReport;
import dev.lockstep.control.StatusSnapshot.NodeInRegion;
import dev.lockstep.core.BlockState;
import dev.lockstep.core.LockspaceState;
import dev.lockstep.core.RegionState;
import dev.lockstep.core.State;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import dev.lockstep.flow.UeventTally;
import dev.lockstep.heartbeat.SlotState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Turns the core's state into what the control socket shows. Any thread. */
final class StatusView implements Supplier<StatusSnapshot> {
    private final Settings settings;
    private final Supplier<State> state;
    private final Function<RegionId, String> devices;
    private final UeventTally uevents;
    private final LongSupplier ignoredWakeUps;
    private final long startedNs;

    StatusView(
            Settings settings,
            Supplier<State> state,
            Function<RegionId, String> devices,
            UeventTally uevents,
            LongSupplier ignoredWakeUps,
            long startedNs) {
        this.settings = settings;
        this.state = state;
        this.devices = devices;
        this.uevents = uevents;
        this.ignoredWakeUps = ignoredWakeUps;
        this.startedNs = startedNs;
    }

    @Override
    public StatusSnapshot get() {
        State now = state.get();
        return new StatusSnapshot(
                now.facts().self(),
                settings.self().name(),
                now.facts().boot(),
                startedNs,
                now.started(),
                now.regions().values().stream()
                        .map(region -> region(now, region))
                        .toList(),
                now.lockspaces().values().stream().map(StatusView::lockspace).toList(),
                now.mustGo(),
                now.evictions(),
                new StatusSnapshot.Uevents(uevents.received(), uevents.malformed(), uevents.refused(), uevents.lost()),
                ignoredWakeUps.getAsLong());
    }

    private StatusSnapshot.Region region(State now, RegionState region) {
        List<NodeInRegion> nodes =
                settings.nodes().stream().map(node -> inRegion(region, node)).toList();
        String trouble =
                region.present() ? region.trouble() : "not there: " + region.trouble() + leftBehind(now, region);
        return new StatusSnapshot.Region(
                region.id(), devices.apply(region.id()), region.hasBoard(), trouble, region.failures(), nodes);
    }

    private static String leftBehind(State now, RegionState region) {
        SortedSet<LockspaceName> left = region.leftBehind(now);
        return left.isEmpty()
                ? ""
                : "; others wait for this node, since its board lists " + left
                        + " as joined by it: bring the region back, or reset this node";
    }

    private static NodeInRegion inRegion(RegionState region, Node node) {
        SlotState slot = region.slots().getOrDefault(node.number(), SlotState.UNSEEN);
        Optional<BlockState> block = Optional.ofNullable(region.blocks().get(node.number()));
        Optional<LastReport> report = block.flatMap(
                b -> b.report().map(r -> new LastReport(r.boot(), r.generation(), r.seq(), b.newsSinceNs())));
        return new NodeInRegion(
                node.number(),
                node.name(),
                slot.status(),
                slot.cause(),
                slot.generation(),
                report,
                block.map(BlockState::trouble).orElse(""),
                new StatusSnapshot.Ignored(
                        slot.badChecksums(),
                        slot.foreignNumbers(),
                        block.map(BlockState::badReads).orElse(0)));
    }

    private static StatusSnapshot.Lockspace lockspace(LockspaceState lockspace) {
        return new StatusSnapshot.Lockspace(
                lockspace.name(),
                lockspace.guard(),
                lockspace.phase(),
                lockspace.epoch(),
                lockspace.view(),
                lockspace.kernel().present() ? OptionalInt.of(lockspace.kernel().status()) : OptionalInt.empty(),
                lockspace.reasons());
    }
}
