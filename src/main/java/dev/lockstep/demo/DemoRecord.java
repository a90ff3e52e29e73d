// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.demo;

import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.event.LogEvent;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.port.BootClock;
import dev.lockstep.sim.SimDlmFabric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Watches what all agents do to their kernels, tells it in plain words, and keeps it for the summary. For any thread.
 */
final class DemoRecord {

    private final SimDlmFabric fabric;
    private final DemoScreen screen;
    private final BootClock clock;
    private final Function<String, String> labelOfRegion;
    private final Map<LockspaceName, Long> firstStopNs = new HashMap<>();
    private final SortedMap<LockspaceName, SortedMap<Epoch, View>> views = new TreeMap<>();
    private final Map<LockspaceName, Epoch> told = new HashMap<>();
    private final List<Long> stopToRunMs = new ArrayList<>();
    private final List<String> noticed = new ArrayList<>();
    private int stops;
    private long killedNs;

    DemoRecord(SimDlmFabric fabric, DemoScreen screen, BootClock clock, Function<String, String> labelOfRegion) {
        this.fabric = fabric;
        this.screen = screen;
        this.clock = clock;
        this.labelOfRegion = labelOfRegion;
    }

    /** A node loses its power now. */
    synchronized void killed() {
        killedNs = clock.nowNs();
    }

    synchronized int stops() {
        return stops;
    }

    /** A node's kernel was changed. */
    synchronized void applied(NodeNumber node, Mutation mutation) {
        if (mutation instanceof Mutation.Stop stop) {
            stops++;
            firstStopNs.putIfAbsent(stop.name(), clock.nowNs());
            screen.say("node " + node + " stops " + stop.name() + ": " + stop.why());
        } else if (mutation instanceof Mutation.Start start) {
            views.computeIfAbsent(start.name(), name -> new TreeMap<>()).put(start.epoch(), start.view());
            // The last member's start lets all recoveries end; another that returns with it need not say so again.
            boolean runs = fabric.runsOn(start.name(), start.view().nodes());
            if (runs && !start.epoch().equals(told.put(start.name(), start.epoch()))) {
                runs(start);
            }
        } else if (mutation instanceof Mutation.RemoveComm remove) {
            screen.say("node " + node + " drops its DLM connection to node " + remove.node() + ": " + remove.why());
        } else if (mutation instanceof Mutation.Answer answer && answer.result() < 0) {
            screen.say("node " + node + " refuses " + answer.name() + " with errno " + -answer.result());
        }
    }

    /** A node's event log has a line. */
    synchronized void logged(NodeNumber node, LogEvent event) {
        if (event.type() == LogEvent.Type.SLOT && event.text().contains("TIMEOUT")) {
            long ms = (event.atNs() - killedNs) / 1_000_000;
            String who = event.node().map(Object::toString).orElse("?");
            String where =
                    event.region().map(r -> labelOfRegion.apply(r.name())).orElse("?");
            screen.say("node " + node + " declares node " + who + " dead on " + where + ", " + ms
                    + " ms after its power went");
            noticed.add("node " + node + " on " + where + ": " + ms + " ms");
        }
    }

    private void runs(Mutation.Start start) {
        Long stoppedNs = firstStopNs.remove(start.name());
        String after = "";
        if (stoppedNs != null) {
            long ms = (clock.nowNs() - stoppedNs) / 1_000_000;
            stopToRunMs.add(ms);
            after = ", " + ms + " ms after the first stop";
        }
        screen.say(start.name() + " runs on nodes " + start.view().nodes() + " in epoch " + start.epoch() + after);
    }

    /** Prints what is kept. */
    synchronized void summarise() {
        views.forEach((lockspace, epochs) -> {
            List<String> each = new ArrayList<>();
            epochs.forEach((epoch, view) -> each.add(epoch + " " + view.nodes()));
            screen.plain("  " + lockspace + ": epochs and their views " + String.join(", ", each));
        });
        screen.plain("  death noticed by " + String.join(", ", noticed));
        screen.plain("  from a lockspace's first stop until it ran on all its nodes: " + stopToRunMs + " ms");
    }
}
