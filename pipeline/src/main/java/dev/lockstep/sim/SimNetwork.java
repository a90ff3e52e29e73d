// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.port.WakeUps.WakeUp;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.scheduler.Scheduler;

/** Carries wake-ups between simulated nodes, at once, unless a link is cut. For any thread. */
public final class SimNetwork {
    /** Two nodes, the lower first. */
    private record Link(NodeNumber lower, NodeNumber higher) {}

    private final Map<NodeNumber, SimWakeUps> nodes = new ConcurrentHashMap<>();
    private final Set<Link> cut = ConcurrentHashMap.newKeySet();

    /**
     * {@return the node's new end; a former one hears no more}
     *
     * @param thread emits what is received
     */
    public SimWakeUps attach(NodeNumber node, Scheduler thread) {
        SimWakeUps end = new SimWakeUps(this, node, thread);
        nodes.put(node, end);
        return end;
    }

    /** Takes the node's end away. */
    public void detach(NodeNumber node) {
        nodes.remove(node);
    }

    /** Cuts the link of two nodes, both ways. */
    public void cut(NodeNumber a, NodeNumber b) {
        cut.add(link(a, b));
    }

    /** Mends what {@link #cut} broke. */
    public void mend(NodeNumber a, NodeNumber b) {
        cut.remove(link(a, b));
    }

    /** {@return whether messages between the two get through} */
    public boolean linked(NodeNumber a, NodeNumber b) {
        return !cut.contains(link(a, b));
    }

    void send(NodeNumber from, WakeUp wakeUp) {
        nodes.forEach((node, end) -> {
            if (!node.equals(from) && linked(node, from)) {
                end.deliver(wakeUp);
            }
        });
    }

    private static Link link(NodeNumber a, NodeNumber b) {
        return a.compareTo(b) <= 0 ? new Link(a, b) : new Link(b, a);
    }
}
