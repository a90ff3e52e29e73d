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

    /** Its directory's name. */
    final LockspaceName name;

    /** The name its creator gave it, which may have slashes. */
    final String given;

    final NodeNumber self;

    /** The life of the kernel that has it. */
    final BootId boot;

    int globalId;
    boolean running;
    long startSeq;
    long epoch;
    int status;
    boolean nodir;
    boolean passed;
    boolean inRelease;

    /** How many creates have not been released. */
    int users = 1;

    /** Whom recovery asks, or asked last. */
    Optional<NodeNumber> polls = Optional.empty();

    /** All members have answered once since the start. */
    private boolean pinged;

    @Nullable SimDlmCall waiting;

    Optional<Integer> eventDone = Optional.empty();
    List<Long> round = List.of();

    /** The last round that ended: those that were in it honour the locks held here even while this one is stopped. */
    List<Long> honouredIn = List.of();

    /** configfs: the members, and whether the directory was made since the last control=1. */
    final SortedMap<NodeNumber, Boolean> configured;

    final SortedSet<NodeNumber> members = new TreeSet<>();

    /** What recovery last took in: each member's incarnation. */
    final Map<NodeNumber, Long> processed = new TreeMap<>();

    /** Members that came back after the start was asked for, and were not renewed by it: their incarnations. */
    final Map<NodeNumber, Long> awaited = new TreeMap<>();

    /** Resources held EX here. */
    final SortedSet<String> held = new TreeSet<>();

    SimDlmLockspace(
            LockspaceName name,
            String given,
            NodeNumber self,
            BootId boot,
            long incarnation,
            SortedMap<NodeNumber, Boolean> configured) {
        this.configured = configured;
        this.name = name;
        this.given = given;
        this.self = self;
        this.boot = boot;
        this.incarnation = incarnation;
    }

    boolean recovered() {
        return running && !round.isEmpty();
    }

    /** The other kernels, asked for their status. */
    interface Peers {
        /** Whether there is a transport that answers at all, be it that it knows no such lockspace. */
        boolean answers(NodeNumber node);

        /** What is answered to a STATUS query: nothing about epoch or list, and always. */
        int statusOf(NodeNumber node);
    }

    /** Goes as far as the barriers let it; {@return whether its own flags changed} */
    boolean advance(Peers others) {
        if (!running || passed || !members.contains(self) || !reached(others)) {
            return false;
        }
        int before = status;
        NodeNumber lowest = members.first();
        for (int step : STEPS) {
            status |= step;
            List<NodeNumber> asked = lowest.equals(self) ? new ArrayList<>(members) : List.of(lowest);
            int wanted = lowest.equals(self) ? step : step << 1;
            for (NodeNumber node : asked) {
                polls = Optional.of(node);
                if (!node.equals(self) && (others.statusOf(node) & wanted) == 0) {
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

    /** Before it shows any flag, a recovery asks every member once, and waits for whom it cannot reach. */
    private boolean reached(Peers others) {
        for (NodeNumber node : pinged ? List.<NodeNumber>of() : List.copyOf(members)) {
            polls = Optional.of(node);
            if (!node.equals(self) && !others.answers(node)) {
                return false;
            }
        }
        pinged = true;
        return true;
    }

    /** control=1, its list read. */
    void start(long seq) {
        running = true;
        pinged = false;
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
        round = List.of();
    }
}
