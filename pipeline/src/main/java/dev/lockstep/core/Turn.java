// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.event.LogEvent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One observe in the making: the state it builds, the scopes it dirties, the events it logs. */
final class Turn {

    private State state;
    private final Set<Scope> dirty = new LinkedHashSet<>();
    private final List<LogEvent> events = new ArrayList<>();

    Turn(State state) {
        this.state = state;
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    void dirty(RegionId region) {
        dirty.add(new Scope.OfRegion(region));
    }

    /** Dirties a region, and what spans regions. */
    void dirtyWithNode(RegionId region) {
        dirty(region);
        dirtyNode();
    }

    private void dirtyNode() {
        dirty.add(Scope.OfNode.NODE);
    }

    void dirtyAll() {
        dirty.addAll(Core.scopes(state));
    }

    /** Dirties whatever plans this lockspace. */
    void dirty(LockspaceState lockspace) {
        if (!state.facts().fencing().agentsMayBeDeadForEver()) {
            dirtyAll(); // whom it waits for may be told to go, which every start asks for
            return;
        }
        Plan.guardOf(state, lockspace).ifPresentOrElse(this::dirty, this::dirtyNode);
        dirtyNode(); // comms depend on what runs
    }

    void node(LogEvent.Type type, NodeNumber node, RegionId region, String text) {
        log(type, Optional.of(node), Optional.of(region), Optional.empty(), 0, text);
    }

    void region(LogEvent.Type type, RegionId region, String text) {
        log(type, Optional.empty(), Optional.of(region), Optional.empty(), 0, text);
    }

    void lockspace(LogEvent.Type type, LockspaceName name, long epoch, String text) {
        log(type, Optional.empty(), Optional.empty(), Optional.of(name), epoch, text);
    }

    void self(LogEvent.Type type, String text) {
        log(type, Optional.of(state.facts().self()), Optional.empty(), Optional.empty(), 0, text);
    }

    private void log(
            LogEvent.Type type,
            Optional<NodeNumber> node,
            Optional<RegionId> region,
            Optional<LockspaceName> lockspace,
            long epoch,
            String text) {
        events.add(new LogEvent(state.nowNs(), type, node, region, lockspace, epoch, text));
    }

    Observed done() {
        return new Observed(state, dirty, List.copyOf(events));
    }
}
