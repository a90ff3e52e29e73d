// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.core.LockspaceState;
import dev.lockstep.core.State;
import dev.lockstep.domain.LockspaceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which events a machine is open to, as far as that depends on itself. */
final class Events {
    private final Cluster cluster;
    private final Machine machine;
    private final List<Event> events = new ArrayList<>();

    private Events(Cluster cluster, Machine machine) {
        this.cluster = cluster;
        this.machine = machine;
    }

    static List<Event> of(Cluster cluster, Machine machine) {
        Events of = new Events(cluster, machine);
        of.collect();
        return List.copyOf(of.events);
    }

    private void add(Event.Kind kind, int region, int which) {
        Event event = new Event(kind, region, which);
        Fault fault = event.fault();
        if (fault == null || cluster.settings.budget(fault) > 0) {
            events.add(event);
        }
    }

    private void collect() {
        for (int r = 0; r < cluster.regions.size(); r++) {
            add(Event.Kind.WIPE, r, 0);
            add(Event.Kind.GARBLE, r, 0);
        }
        if (!machine.up()) {
            add(Event.Kind.BOOT, 0, 0);
            return;
        }
        if (machine.state().isPresent()) {
            agent(machine.state().get());
        } else {
            add(Event.Kind.AGENT_STARTS, 0, 0);
        }
        for (int k = 0; k < cluster.lockspaces.size(); k++) {
            lockspace(k);
        }
        for (int r = 0; r < cluster.regions.size(); r++) {
            add(Event.Kind.REGION_RESTARTS, r, 0);
            if (machine.beats().get(r).beating()) {
                add(Event.Kind.REGION_STOPS, r, 0);
            }
        }
        add(Event.Kind.CRASH, 0, 0);
    }

    private void lockspace(int k) {
        Space space = machine.spaces().get(cluster.lockspaces.get(k));
        if (space == null) {
            add(Event.Kind.CREATE, 0, k);
            return;
        }
        if (recovers(space)) {
            add(Event.Kind.TAKES_IN, 0, k);
        }
        if (space.everStarted() && space.asks().isEmpty() && !space.inRelease()) {
            add(Event.Kind.RELEASE, 0, k);
        }
    }

    private void agent(State state) {
        int busy = 0;
        for (int k = 0; k < cluster.lockspaces.size(); k++) {
            if (isBusy(state, cluster.lockspaces.get(k))) {
                add(Event.Kind.LANE, 0, k);
                busy |= 1 << k;
            }
        }
        for (int r = 0; r < cluster.regions.size(); r++) {
            region(r);
        }
        for (int carriedOut = busy; ; carriedOut = (carriedOut - 1) & busy) {
            add(Event.Kind.AGENT_DIES, 0, carriedOut);
            if (carriedOut == 0) {
                break;
            }
        }
        if (state.node().reset().inFlight()) {
            add(Event.Kind.RESET, 0, 0);
        } else if (state.mustGo().isPresent()
                || machine.spaces().values().stream().anyMatch(Events::recovers)) {
            add(Event.Kind.LATE, 0, 0);
        }
        add(Event.Kind.TICK, 0, 0);
        if (machine.overflow()) {
            add(Event.Kind.KERNEL_READ, 0, 0);
        }
        if (!machine.losesNext()) {
            add(Event.Kind.LOSE, 0, 0);
        }
    }

    private static boolean recovers(Space space) {
        return space.running() && space.status() == 0;
    }

    private static boolean isBusy(State state, LockspaceName name) {
        LockspaceState lockspace = state.lockspaces().get(name);
        return lockspace != null && lockspace.kernel().inFlight().isPresent();
    }

    private void region(int r) {
        Optional<Machine.Writing> writing = machine.writings().get(r);
        if (writing.isPresent()) {
            add(writing.get().landed() ? Event.Kind.PUBLISHED : Event.Kind.LANDS, r, 0);
        }
        Optional<Machine.Reading> reading = machine.readings().get(r);
        if (reading.isPresent()) {
            boolean complete = reading.get().blocks().size() == cluster.nodes.size();
            add(complete ? Event.Kind.SLOW_ENDS : Event.Kind.SLOW_READS, r, 0);
        } else {
            add(Event.Kind.READ, r, 0);
            for (int n = 0; n < cluster.nodes.size(); n++) {
                add(Event.Kind.READ, r, 1 << n);
            }
            add(Event.Kind.SLOW_BEGINS, r, 0);
        }
        int others = ((1 << cluster.nodes.size()) - 1) & ~(1 << (machine.number() - 1));
        for (int which = others; which > 0; which = (which - 1) & others) {
            add(Event.Kind.SAMPLE, r, which);
            if (machine.beats().get(r).beating()) {
                add(Event.Kind.SILENCE, r, which);
            }
        }
        add(Event.Kind.SAMPLE, r, 0);
        add(Event.Kind.STALL, r, 0);
    }
}
