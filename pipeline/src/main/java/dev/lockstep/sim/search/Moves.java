// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every step a cluster can make. Confined to one thread. */
final class Moves {

    /** Takes the steps of one cluster. */
    interface Taker {
        /**
         * One step. The cluster afterwards is only lent.
         *
         * @param node whose event it is, from 0
         * @param next the cluster afterwards; as before it if there is a violation
         * @param violation what must never happen and did
         */
        void step(int node, Event event, int[] next, Optional<String> violation);
    }

    final Cluster cluster;
    final Contents contents;
    final Machines machines;
    final Parts parts;
    final Words words;
    private final History history;
    private final Judge judge;
    private final int nodes;
    private final int[][] blocks;
    private final int[][] slots;
    private final int[] next;

    Moves(SearchSettings settings) {
        cluster = new Cluster(settings);
        contents = new Contents(cluster);
        machines = new Machines(cluster, contents);
        history = new History(cluster);
        parts = new Parts(cluster, machines, contents, history);
        words = new Words(settings, parts);
        judge = new Judge(cluster, history);
        nodes = settings.nodes();
        blocks = new int[settings.regions()][nodes];
        slots = new int[settings.regions()][nodes];
        next = new int[words.length()];
    }

    /** {@return all machines up, with agents that have read nothing yet} */
    int[] first() {
        int[] first = new int[words.length()];
        for (int n = 0; n < nodes; n++) {
            Machine booted = Start.machine(cluster, n + 1);
            int machine = machines.number(
                    cluster.settings.reduces(Reduction.SEEN_AT_FIRST) ? Start.seen(cluster, booted) : booted);
            first[n] = parts.node(machine, new int[cluster.regions.size()]);
        }
        first[nodes] = parts.rest(History.NONE, Words.budgets(cluster.settings));
        return first;
    }

    Machine machine(int[] world, int node) {
        return machines.machine(words.machine(world, node));
    }

    void from(int[] world, Taker taker) {
        for (int r = 0; r < blocks.length; r++) {
            for (int n = 0; n < nodes; n++) {
                blocks[r][n] = words.block(world, r, n);
                slots[r][n] = machines.face(words.machine(world, n)).slot(r);
            }
        }
        for (int node = 0; node < nodes; node++) {
            Event[] events = machines.face(words.machine(world, node)).events;
            for (int e = 0; e < events.length; e++) {
                Fault fault = events[e].fault();
                if (fault == null || words.left(world, fault) > 0) {
                    happen(world, node, e, events[e], fault, taker);
                }
            }
        }
    }

    private void happen(int[] world, int node, int at, Event event, @Nullable Fault fault, Taker taker) {
        System.arraycopy(world, 0, next, 0, next.length);
        if (event.kind() == Event.Kind.SILENCE && !silent(world, node, event)) {
            return;
        }
        if (event.kind() == Event.Kind.WIPE || event.kind() == Event.Kind.GARBLE) {
            int content = event.kind() == Event.Kind.WIPE ? Contents.WIPED : Contents.GARBLED;
            if (Contents.isReport(blocks[event.region()][node])) {
                words.machine(next, node, words.machine(world, node), event.region(), content);
                pay(fault);
                taker.step(node, event, next, Optional.empty());
            }
            return;
        }
        int machine = words.machine(world, node);
        int step = machines.step(machine, at, blocks[event.region()], slots[event.region()]);
        Machines.Step visible = machines.visible(step);
        int landed = machines.landed(step);
        if (visible == null && landed < 0 && machines.next(step) == machine && fault == null) {
            return; // nothing but what is kept of falsely silent nodes, which others are not told
        }
        pay(fault);
        if (landed >= 0) {
            words.machine(next, node, machines.next(step), event.region(), landed);
        } else {
            words.machine(next, node, machines.next(step));
        }
        Optional<String> violation = judged(world, node, event, visible, landed);
        boolean changes = violation.isPresent() || !Arrays.equals(world, next);
        if (changes) {
            taker.step(node, event, violation.isPresent() ? world : next, violation);
        }
    }

    private void pay(@Nullable Fault fault) {
        if (fault != null) {
            words.takes(next, fault);
        }
    }

    private Optional<String> judged(int[] world, int node, Event event, Machines.@Nullable Step visible, int landed) {
        if (visible != null && visible.violation().isPresent()) {
            return visible.violation();
        }
        try {
            if (event.kind() == Event.Kind.CRASH || event.kind() == Event.Kind.RESET) {
                words.history(next, judge.died(words.history(next), machine(world, node)));
            } else if (event.kind() == Event.Kind.BOOT) {
                Machine rebooted = machine(next, node);
                words.history(next, history.rebooted(words.history(next), rebooted.number(), rebooted.boots()));
            } else if (visible != null) {
                judge(world, node, visible);
            }
            if (landed >= 0 || (visible != null && !visible.starts().isEmpty())) {
                forget(world, node, landed >= 0 ? event.region() : -1);
            }
            return Optional.empty();
        } catch (Violation e) {
            return Optional.of(e.what());
        }
    }

    private void judge(int[] world, int node, Machines.Step visible) {
        List<Machine> all = new ArrayList<>();
        for (int n = 0; n < nodes; n++) {
            all.add(machine(world, n));
        }
        List<List<Surroundings.Block>> found = new ArrayList<>();
        for (int k = 0; k < cluster.lockspaces.size(); k++) {
            List<Surroundings.Block> ofRegion = new ArrayList<>();
            for (int content : blocks[k % blocks.length]) {
                ofRegion.add(contents.block(content));
            }
            found.add(ofRegion);
        }
        words.history(next, judge.after(words.history(next), all.get(node), visible, all, found));
    }

    /** Epochs below those that every node has on the board are never started again: no node's ever fall. */
    private void forget(int[] world, int node, int landedIn) {
        for (int k = 0; k < cluster.lockspaces.size(); k++) {
            int region = k % blocks.length;
            int least = Integer.MAX_VALUE;
            for (int n = 0; n < nodes; n++) {
                int now = contents.epoch(words.block(next, region, n), k);
                least = Math.min(least, now);
                if (n == node && region == landedIn && now < contents.epoch(words.block(world, region, n), k)) {
                    throw new Violation("P6: the epoch of " + cluster.lockspaces.get(k) + " falls on node " + (n + 1)
                            + "'s board to " + now);
                }
            }
            words.history(next, history.withoutEpochsBelow(words.history(next), k, least));
        }
    }

    /** Whether silence can be seen: of slots that were seen as they are and do not move, or by a false verdict. */
    private boolean silent(int[] world, int node, Event event) {
        Face here = machines.face(words.machine(world, node));
        for (int n = 0; n < nodes; n++) {
            if ((event.which() & (1 << n)) == 0) {
                continue;
            }
            int code = slots[event.region()][n];
            boolean beating = (code & 1) != 0;
            if (!here.hasSeen(event.region(), n, code) || (beating && !words.takes(next, Fault.FALSE_VERDICT))) {
                return false;
            }
            if (beating) {
                Machine peer = machine(world, n);
                long fact = History.ofBoot(History.Fact.FALSELY_SILENT, 0, peer.number(), peer.boots());
                words.history(next, history.with(words.history(next), fact));
            }
        }
        return true;
    }
}
