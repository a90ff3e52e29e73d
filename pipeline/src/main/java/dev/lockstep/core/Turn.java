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
    private Set<Scope> dirty = Set.of();
    private List<LogEvent> events = List.of();

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
        RegionState known = state.regions().get(region);
        dirty(known == null ? new Scope.OfRegion(region) : known.scope());
    }

    /** Dirties a region, and what spans regions. */
    void dirtyWithNode(RegionId region) {
        dirtyNode();
        dirty(region);
    }

    private void dirtyNode() {
        dirty(Scope.OfNode.NODE);
    }

    private void dirty(Scope scope) {
        if (dirty.isEmpty()) {
            dirty = new LinkedHashSet<>();
        }
        dirty.add(scope);
    }

    void dirtyAll() {
        dirtyNode();
        for (RegionState region : state.regions().values()) {
            dirty(region.scope());
        }
    }

    /** Dirties whatever plans this lockspace, and what spans regions. */
    void dirty(LockspaceState lockspace) {
        dirtyNode(); // comms depend on what runs, and on who is in a view
        dirtyGuard(lockspace);
    }

    /** Dirties whatever plans this lockspace. */
    void dirtyGuard(LockspaceState lockspace) {
        if (!state.facts().fencing().agentsMayBeDeadForEver()) {
            dirtyAll(); // whom it waits for may be told to go, which every start asks for
            return;
        }
        Optional<RegionId> guard = Plan.guardOf(state, lockspace);
        if (guard.isPresent()) {
            dirty(guard.get());
        } else {
            dirtyNode();
        }
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
        if (events.isEmpty()) {
            events = new ArrayList<>();
        }
        events.add(new LogEvent(state.nowNs(), type, node, region, lockspace, epoch, text));
    }

    Observed done() {
        return new Observed(state, dirty, List.copyOf(events));
    }
}
