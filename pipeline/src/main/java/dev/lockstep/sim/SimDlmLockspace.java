// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One lockspace in one node's simulated kernel. Guarded by the fabric's monitor. */
final class SimDlmLockspace {
    /** Own bit of each recovery step; the step's _ALL bit is the next higher one. */
    private static final List<Integer> STEPS = List.of(0x01, 0x04, 0x10, 0x40);

    /** Tells this creation from others of the same name, on any node. */
    final long incarnation;

    final LockspaceName name;
    final NodeNumber self;

    /** The life of the kernel that has it. */
    final BootId boot;

    int globalId;
    boolean running;
    long startSeq;
    long epoch;
    int status;
    int polls;
    boolean passed;
    boolean inRelease;

    @Nullable SimDlmCall waiting;

    Optional<Integer> eventDone = Optional.empty();
    List<Long> round = List.of();

    /** The last round that ended: those that were in it honour the locks held here even while this one is stopped. */
    List<Long> honouredIn = List.of();

    /** configfs: the members, and whether the directory was made since the last control=1. */
    final SortedMap<NodeNumber, Boolean> configured = new TreeMap<>();

    final SortedSet<NodeNumber> members = new TreeSet<>();

    /** What recovery last took in: each member's incarnation. */
    final Map<NodeNumber, Long> processed = new TreeMap<>();

    /** Resources held EX here. */
    final SortedSet<String> held = new TreeSet<>();

    SimDlmLockspace(LockspaceName name, NodeNumber self, BootId boot, long incarnation) {
        this.name = name;
        this.self = self;
        this.boot = boot;
        this.incarnation = incarnation;
    }

    boolean recovered() {
        return running && !round.isEmpty();
    }

    /** What the kernel answers to a STATUS query: nothing about epoch or list, and always. */
    interface Statuses {
        int of(NodeNumber node);
    }

    /** Goes as far as the barriers let it; {@return whether its own flags changed} */
    boolean advance(Statuses others) {
        if (!running || passed || !members.contains(self)) {
            return false;
        }
        int before = status;
        NodeNumber lowest = members.first();
        for (int step : STEPS) {
            status |= step;
            List<NodeNumber> asked = lowest.equals(self) ? new ArrayList<>(members) : List.of(lowest);
            int wanted = lowest.equals(self) ? step : step << 1;
            for (NodeNumber node : asked) {
                if (!node.equals(self) && (others.of(node) & wanted) == 0) {
                    polls = node.value();
                    return status != before;
                }
            }
            if (lowest.equals(self)) {
                status |= step << 1;
            }
        }
        passed = true;
        return status != before;
    }

    /** control=1, its list read. */
    void start(long seq) {
        running = true;
        startSeq = seq;
        members.clear();
        members.addAll(configured.keySet());
        configured.replaceAll((node, isNew) -> false);
    }

    /** control=0. */
    void stop() {
        running = false;
        passed = false;
        status = 0;
        polls = 0;
        round = List.of();
    }
}
