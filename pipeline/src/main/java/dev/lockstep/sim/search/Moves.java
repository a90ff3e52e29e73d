// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.core.RegionState;
import dev.lockstep.core.State;
import dev.lockstep.domain.Epoch;
import dev.lockstep.heartbeat.SlotState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Every step a cluster can make. Confined to one thread. */
final class Moves {

    /** Takes the steps of one cluster. */
    interface Taker {
        /**
         * One step.
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
    final History history;
    final Words words;
    private final Judge judge;

    Moves(SearchSettings settings) {
        cluster = new Cluster(settings);
        contents = new Contents(cluster);
        machines = new Machines(cluster, contents);
        words = new Words(settings);
        history = new History(cluster);
        judge = new Judge(cluster, history);
    }

    /** {@return all machines up, with agents that have read nothing yet} */
    int[] first() {
        int[] first = new int[words.length()];
        for (int n = 0; n < cluster.nodes.size(); n++) {
            Machine booted = Start.machine(cluster, n + 1);
            first[n] = machines.number(
                    cluster.settings.reduces(Reduction.SEEN_AT_FIRST) ? Start.seen(cluster, booted) : booted);
        }
        for (Fault fault : Fault.values()) {
            words.left(first, fault, cluster.settings.budget(fault));
        }
        words.history(first, History.NONE);
        return first;
    }

    Machine machine(int[] world, int node) {
        return machines.machine(words.machine(world, node));
    }

    void from(int[] world, Taker taker) {
        for (int node = 0; node < cluster.nodes.size(); node++) {
            for (Event event : machines.events(words.machine(world, node))) {
                int[] next = world.clone();
                Fault fault = Events.fault(event).orElse(null);
                boolean affordable = fault == null || words.takes(next, fault);
                if (affordable && (event.kind() != Event.Kind.SILENCE || silent(world, node, event, next))) {
                    step(world, node, event, next, taker);
                }
            }
        }
    }

    private void step(int[] world, int node, Event event, int[] next, Taker taker) {
        if (event.kind() == Event.Kind.WIPE || event.kind() == Event.Kind.GARBLE) {
            int content = event.kind() == Event.Kind.WIPE ? Contents.VACANT : Contents.GARBLED;
            if (words.blocks(world, event.region())[node] > Contents.GARBLED) {
                words.block(next, event.region(), node, content);
                taker.step(node, event, next, Optional.empty());
            }
            return;
        }
        int region = event.region();
        Machines.Step step =
                machines.step(words.machine(world, node), event, words.blocks(world, region), slots(world, region));
        if (step.violation().isPresent()) {
            taker.step(node, event, world, step.violation());
            return;
        }
        next[node] = step.next();
        if (step.landed() >= 0) {
            words.block(next, region, node, step.landed());
        }
        try {
            judged(world, node, event, next, step);
        } catch (Violation e) {
            taker.step(node, event, world, Optional.of(e.what()));
            return;
        }
        if (!Arrays.equals(world, next)) {
            taker.step(node, event, next, Optional.empty());
        }
    }

    private void judged(int[] world, int node, Event event, int[] next, Machines.Step step) {
        if (event.kind() == Event.Kind.CRASH || event.kind() == Event.Kind.RESET) {
            words.history(next, judge.died(words.history(next), machine(world, node)));
        } else if (event.kind() == Event.Kind.BOOT) {
            Machine rebooted = machine(next, node);
            words.history(next, history.rebooted(words.history(next), rebooted.number(), rebooted.boots()));
        } else if (step.isVisible()) {
            List<Machine> all = new ArrayList<>();
            for (int n = 0; n < cluster.nodes.size(); n++) {
                all.add(machine(world, n));
            }
            List<List<Surroundings.Block>> blocks = new ArrayList<>();
            for (int k = 0; k < cluster.lockspaces.size(); k++) {
                List<Surroundings.Block> ofRegion = new ArrayList<>();
                for (int content : words.blocks(world, k % cluster.regions.size())) {
                    ofRegion.add(contents.block(content));
                }
                blocks.add(ofRegion);
            }
            words.history(next, judge.after(words.history(next), all.get(node), step, all, blocks));
        }
        if (step.landed() >= 0 || !step.starts().isEmpty()) {
            forget(world, node, next, step.landed() >= 0 ? event.region() : -1);
        }
    }

    /** Epochs below those that every node has on the board are never started again: no node's ever fall. */
    private void forget(int[] world, int node, int[] next, int landedIn) {
        for (int k = 0; k < cluster.lockspaces.size(); k++) {
            int region = k % cluster.regions.size();
            long least = Long.MAX_VALUE;
            for (int n = 0; n < cluster.nodes.size(); n++) {
                long now = epoch(words.blocks(next, region)[n], k);
                least = Math.min(least, now);
                if (n == node && region == landedIn && now < epoch(words.blocks(world, region)[n], k)) {
                    throw new Violation("P6: the epoch of " + cluster.lockspaces.get(k) + " falls on node " + (n + 1)
                            + "'s board to " + now);
                }
            }
            words.history(next, history.withoutEpochsBelow(words.history(next), k, least));
        }
    }

    private long epoch(int content, int lockspace) {
        if (contents.block(content) instanceof Surroundings.Block.Holds holds) {
            return holds.report()
                    .lockspace(cluster.lockspaces.get(lockspace))
                    .map(e -> Epoch.max(e.epoch(), holds.report().floor()))
                    .orElse(holds.report().floor())
                    .value();
        }
        return 0;
    }

    /** {@return what the cluster and all that differ from it only in the nodes' names have in common} */
    int[] key(int[] world) {
        int[] least = world;
        for (int r = 0; r < cluster.renamings.size() && cluster.renamings.size() > 1; r++) {
            int[] renamed = renamed(world, r);
            least = r == 0 || Arrays.compare(renamed, least) < 0 ? renamed : least;
        }
        return least;
    }

    private int[] renamed(int[] world, int renaming) {
        Renaming names = cluster.renamings.get(renaming);
        int[] renamed = world.clone();
        int nodes = cluster.nodes.size();
        for (int n = 0; n < nodes; n++) {
            int name = names.of(n + 1) - 1;
            renamed[name] = machines.shape(world[n], renaming);
            for (int r = 0; r < cluster.regions.size(); r++) {
                words.block(renamed, r, name, contents.shape(words.blocks(world, r)[n], renaming));
            }
        }
        words.history(renamed, history.shape(words.history(world), renaming));
        return renamed;
    }

    private int[] slots(int[] world, int region) {
        int[] slots = new int[cluster.nodes.size()];
        for (int n = 0; n < slots.length; n++) {
            slots[n] = machine(world, n).beats().get(region).code();
        }
        return slots;
    }

    /** Whether silence can be seen: of slots that were seen as they are and do not move, or by a false verdict. */
    private boolean silent(int[] world, int node, Event event, int[] next) {
        Machine here = machine(world, node);
        State state = here.state().orElseThrow();
        RegionState region = state.regions().get(cluster.regions.get(event.region()));
        for (int n = 0; n < cluster.nodes.size(); n++) {
            if ((event.which() & (1 << n)) == 0) {
                continue;
            }
            Machine peer = machine(world, n);
            Machine.Beat beat = peer.beats().get(event.region());
            SlotState slot =
                    region == null ? SlotState.UNSEEN : region.slots().getOrDefault(peer.node(), SlotState.UNSEEN);
            boolean asItIs = slot.seen()
                    && beat.present()
                    && slot.generation().equals(Machine.generation(peer.number(), event.region(), beat.sessions()));
            if (!asItIs || slot.timedOut() || (beat.beating() && !words.takes(next, Fault.FALSE_VERDICT))) {
                return false;
            }
            if (beat.beating()) {
                long fact = History.ofBoot(History.Fact.FALSELY_SILENT, 0, peer.number(), peer.boots());
                words.history(next, history.with(words.history(next), fact));
            }
        }
        return true;
    }
}
