// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import dev.lockstep.board.Phase;
import dev.lockstep.core.LockspaceState;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One seed's story: nodes boot, programs create, lock, unlock and release, faults strike, then all faults end and every
 * lockspace must come to run on every node. Every seed of 8 n + 7 lets only agents come and go: no kernel may hear of
 * it (P13).
 */
public final class Trial {
    private static final FaultKind[] KINDS = FaultKind.values();
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A wait may be nameless for as long as it takes to plan; after this it is a fault of its own. */
    private static final int NAMELESS_SECONDS = 4;

    /**
     * How a seed ended.
     *
     * @param seed the seed
     * @param violations what must never happen and did; empty if all is well
     * @param faults how many faults struck
     * @param planned how many things happened in virtual time
     * @param hash of everything that happened: equal seeds give equal hashes
     * @param coverage which faults met which phases
     * @param story what happened, if it was asked for
     */
    public record Ending(
            long seed,
            List<String> violations,
            int faults,
            long planned,
            long hash,
            Coverage coverage,
            List<String> story) {}

    /** Who waits. */
    private record Wait(NodeNumber node, LockspaceName lockspace) {}

    private final long seed;
    private final SimCluster cluster;
    private final Faults faults;
    private final Coverage coverage = new Coverage();
    private final Map<Wait, Integer> nameless = new HashMap<>();
    private final Duration length;
    private int struck;

    private Trial(SimSettings settings, long seed, Duration length, boolean telling) {
        this.seed = seed;
        this.length = length;
        cluster = new SimCluster(settings, seed, telling);
        faults = new Faults(cluster);
    }

    /**
     * Runs one seed, on the calling thread.
     *
     * @param length how long faults strike, in virtual time
     * @param telling whether the story is kept
     */
    public static Ending run(SimSettings settings, long seed, Duration length, boolean telling) {
        return new Trial(settings, seed, length, telling).run();
    }

    private Ending run() {
        cluster.nodes().values().forEach(SimNode::boot);
        if (Math.floorMod(seed, 8) == 7) {
            onlyAgents();
        } else {
            anything();
        }
        if (cluster.violations().isEmpty()) {
            heal();
        }
        return new Ending(
                seed,
                List.copyOf(cluster.violations()),
                struck,
                cluster.time().planned(),
                cluster.hash(),
                coverage,
                List.copyOf(cluster.story()));
    }

    private void anything() {
        int wanted = 10 + cluster.random().nextInt(31);
        // Programs are no faults: they come on top, so that there is something to befall.
        long secondsBetween = Math.max(1, length.toSeconds() / wanted);
        for (long second = 0; second < length.toSeconds() && well(); second++) {
            programs();
            if (cluster.random().nextInt((int) secondsBetween) == 0) {
                strike(KINDS[cluster.random().nextInt(KINDS.length)]);
                // Trouble comes in company.
                while (cluster.random().nextInt(3) == 0) {
                    pass(Duration.ofMillis(cluster.random().nextInt(1500)));
                    strike(KINDS[cluster.random().nextInt(KINDS.length)]);
                }
            }
            pass(SECOND);
        }
    }

    private void onlyAgents() {
        createAll();
        if (!converges(Duration.ofSeconds(60))) {
            return;
        }
        pass(Duration.ofSeconds(15));
        cluster.undisturbed();
        List<FaultKind> kinds = new ArrayList<>(List.of(
                FaultKind.AGENT_KILLED,
                FaultKind.AGENT_KILLED,
                FaultKind.AGENT_STARTED,
                FaultKind.AGENT_STARTED,
                FaultKind.UEVENTS_LOST,
                FaultKind.LINK_CUT,
                FaultKind.PAUSE,
                FaultKind.DISK_HANGS_FOR_ALL));
        if (cluster.settings().splitVerdictAfter().isPresent()) {
            kinds.remove(FaultKind.LINK_CUT); // then it costs a machine
        }
        for (long second = 0; second < length.toSeconds() / 4 && well(); second++) {
            locks();
            if (cluster.random().nextInt(4) == 0) {
                strike(kinds.get(cluster.random().nextInt(kinds.size())));
            }
            pass(SECOND);
        }
    }

    private boolean well() {
        return cluster.violations().isEmpty();
    }

    private void strike(FaultKind kind) {
        faults.strike(kind).ifPresent(node -> {
            struck++;
            coverage.count(kind, node.state(), cluster.settings().lockspaces());
        });
    }

    private void programs() {
        locks();
        if (cluster.random().nextInt(8) == 0) {
            List<SimNode> nodes = List.copyOf(cluster.nodes().values());
            SimNode node = nodes.get(cluster.random().nextInt(nodes.size()));
            List<LockspaceName> names = cluster.settings().lockspaces();
            if (node.up()) {
                node.kernel().create(names.get(cluster.random().nextInt(names.size())));
            }
        }
    }

    private void locks() {
        for (SimNode node : cluster.nodes().values()) {
            if (node.up() && node.machineNs() <= cluster.time().nowNs()) {
                for (LockspaceName name : cluster.settings().lockspaces()) {
                    String resource = cluster.random().nextBoolean() ? "one" : "two";
                    if (cluster.random().nextInt(3) == 0) {
                        node.kernel().unlock(name, resource);
                    } else {
                        node.kernel().lock(name, resource);
                    }
                }
            }
        }
        cluster.judge();
    }

    private void pass(Duration duration) {
        cluster.time().runTo(cluster.time().nowNs() + duration.toNanos());
        cluster.judge();
        waitsHaveNames();
    }

    /** Rule 8: nothing waits silently. */
    private void waitsHaveNames() {
        for (SimNode node : cluster.nodes().values()) {
            if (node.state().isEmpty() || node.machineNs() > cluster.time().nowNs()) {
                continue;
            }
            for (LockspaceState lockspace : node.state().get().lockspaces().values()) {
                boolean runs = lockspace.phase().filter(p -> p == Phase.STARTED).isPresent()
                        && lockspace.kernel().recovered();
                Wait who = new Wait(node.number(), lockspace.name());
                if (runs || !lockspace.reasons().isEmpty()) {
                    nameless.remove(who);
                } else if (nameless.merge(who, 1, Integer::sum) > NAMELESS_SECONDS) {
                    cluster.violated("rule 8: " + lockspace.name() + " waits on node " + node.number()
                            + " without a reason: " + lockspace);
                }
            }
        }
    }

    private void heal() {
        cluster.calm();
        mend();
        pass(Duration.ofSeconds(30));
        mend();
        createAll();
        if (well()) {
            converges(cluster.settings().patience());
        }
    }

    private void mend() {
        for (SimNode node : cluster.nodes().values()) {
            if (!node.up()) {
                node.boot();
            }
            cluster.settings().regions().stream().filter(r -> !node.beatsIn(r)).forEach(node::startRegion);
            if (!node.hasAgent()) {
                node.startAgent();
            }
            for (NodeNumber other : cluster.numbers()) {
                cluster.network().mend(node.number(), other);
            }
        }
    }

    private void createAll() {
        for (SimNode node : cluster.nodes().values()) {
            cluster.settings().lockspaces().forEach(name -> {
                if (node.up()) {
                    node.kernel().create(name);
                }
            });
        }
    }

    /** P12. */
    private boolean converges(Duration within) {
        SortedSet<NodeNumber> all = new TreeSet<>(cluster.numbers());
        for (long second = 0; second < within.toSeconds() && well(); second++) {
            pass(SECOND);
            boolean allRun = cluster.settings().lockspaces().stream()
                    .allMatch(name -> cluster.fabric().runsOn(name, all));
            if (allRun) {
                return true;
            }
            // A machine that had to go is started by its administrator; a creator that was refused tries again.
            cluster.nodes().values().stream().filter(n -> !n.up()).forEach(SimNode::boot);
            if (second % 10 == 9) {
                createAll();
            }
        }
        if (well()) {
            cluster.violated("P12: not in one view " + within.toSeconds() + " s after the last fault; " + waits());
        }
        return false;
    }

    private String waits() {
        List<String> waits = new ArrayList<>();
        for (SimNode node : cluster.nodes().values()) {
            node.state()
                    .ifPresent(state -> state.lockspaces().values().stream()
                            .filter(l -> !l.reasons().isEmpty())
                            .forEach(l -> waits.add("node " + node.number() + " " + l.name() + " " + l.phase() + " "
                                    + l.epoch() + " " + l.reasons())));
        }
        return String.join("; ", waits);
    }
}
