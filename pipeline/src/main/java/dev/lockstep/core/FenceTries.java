// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.FenceAttempt;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.sorted.SortedArrayMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The newest try of the own fence command on each peer.
 *
 * @param tries by peer
 */
record FenceTries(SortedMap<NodeNumber, FenceTry> tries) {

    static final FenceTries NONE = new FenceTries(new TreeMap<>());

    FenceTries {
        tries = SortedArrayMap.copyOf(tries);
    }

    Optional<FenceTry> on(NodeNumber node, BootId boot) {
        return Optional.ofNullable(tries.get(node)).filter(t -> t.attempt().isOn(node, boot));
    }

    List<FenceAttempt> shown() {
        return tries.isEmpty()
                ? List.of()
                : tries.values().stream().map(FenceTry::attempt).toList();
    }

    FenceTries with(FenceTry news) {
        SortedMap<NodeNumber, FenceTry> more = new TreeMap<>(tries);
        more.put(news.attempt().node(), news);
        return new FenceTries(more);
    }

    FenceTries without(FenceAttempt attempt) {
        SortedMap<NodeNumber, FenceTry> fewer = new TreeMap<>(tries);
        fewer.values().removeIf(t -> t.attempt().isOn(attempt.node(), attempt.boot()));
        return new FenceTries(fewer);
    }
}
