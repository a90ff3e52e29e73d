// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.event.LogEvent;
import dev.lockstep.evidence.Decision;
import dev.lockstep.evidence.Evidence;
import java.util.Optional;

/** What becomes of the links to the peers. */
final class ObserveLinks {

    private ObserveLinks() {}

    static void probed(Turn turn, Evidence.PeerProbed probe) {
        if (!turn.state().facts().others().contains(probe.node())) {
            return;
        }
        NodeSide node = turn.state().node();
        Mesh before = node.mesh();
        Mesh after = before.probed(probe.node(), probe.answered());
        if (after.equals(before)) {
            return;
        }
        turn.state(turn.state().with(node.with(after)));
        if (!after.row().equals(before.row())) {
            turn.self(
                    LogEvent.Type.LINK,
                    "node " + probe.node() + (probe.answered() ? " answers" : " answers no more")
                            + " over the network");
            turn.dirtyAll(); // every board shows the row
        }
    }

    static void seen(Turn turn, Decision.SplitSeen seen) {
        NodeSide node = turn.state().node();
        Optional<Split> split =
                seen.lose().isEmpty() ? Optional.empty() : Optional.of(new Split(seen.goOn(), seen.lose()));
        turn.state(turn.state()
                .with(node.with(
                        node.mesh().with(seen.region(), split, turn.state().nowNs()))));
        turn.region(
                LogEvent.Type.LINK,
                seen.region(),
                split.map(s -> "the network is split: " + s.text()).orElse("the network is whole"));
        turn.dirtyAll();
    }
}
