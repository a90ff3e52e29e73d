// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.Eviction;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.Mutation;
import java.util.List;
import java.util.Optional;

/**
 * Sees all kernels at once, and holds every start, every recovery and every verdict against them. Who was falsely
 * counted as dead is neither judged nor protected: only fencing can keep it apart.
 */
final class Judge {
    private final Cluster cluster;
    private final History history;

    Judge(Cluster cluster, History history) {
        this.cluster = cluster;
        this.history = history;
    }

    /**
     * {@return the history afterwards}
     *
     * @param here whose event it was, as it was before
     * @param all every machine before the event
     * @param blocks what is in the blocks of lockspace k's region, by k
     * @throws Violation if a property does not hold
     */
    int after(int past, Machine here, Machines.Step step, List<Machine> all, List<List<Surroundings.Block>> blocks) {
        int now = past;
        for (Eviction verdict : step.verdicts()) {
            now = verdict(now, here, verdict, all);
        }
        for (Mutation.Start start : step.starts()) {
            now = starts(now, here, start, all, blocks.get(cluster.lockspaces.indexOf(start.name())));
        }
        LockspaceName name = step.takenIn().orElse(null);
        if (name != null) {
            takesIn(now, here, name, space(here, step, name), all);
        }
        return now;
    }

    /** The lockspace as its recovery finds it, which may have begun in the same step as the start. */
    private static Optional<Space> space(Machine here, Machines.Step step, LockspaceName name) {
        Optional<Space> space = Optional.ofNullable(here.spaces().get(name));
        for (Mutation.Start start : step.starts()) {
            if (start.name().equals(name)) {
                space = space.map(s -> s.started(start.epoch(), start.view(), start.renew()));
            }
        }
        return space;
    }

    /** {@return the history after a machine has died} */
    int died(int past, Machine machine) {
        int now = past;
        for (int k = 0; k < cluster.lockspaces.size(); k++) {
            Space space = machine.spaces().get(cluster.lockspaces.get(k));
            if (space != null && space.mayHoldLocks()) {
                now = history.with(
                        now, History.ofBoot(History.Fact.DIED_HOLDING, k, machine.number(), machine.boots()));
            }
        }
        return now;
    }

    private int verdict(int past, Machine here, Eviction verdict, List<Machine> all) {
        Machine judged = all.get(verdict.node().value() - 1);
        boolean alive = judged.up() && judged.boot().equals(verdict.boot());
        if (alive && !isFalselySilent(past, judged) && !isFalselySilent(past, here)) {
            throw new Violation("P3: node " + here.number() + " holds node " + judged.number() + " for dead ("
                    + verdict.kind() + "), which runs");
        }
        return history.with(past, fact(History.Fact.PROVEN_DEAD, 0, verdict.node(), verdict.boot()));
    }

    private boolean isFalselySilent(int past, Machine machine) {
        return history.has(past, History.ofBoot(History.Fact.FALSELY_SILENT, 0, machine.number(), machine.boots()));
    }

    private static long fact(History.Fact fact, int lockspace, NodeNumber node, BootId boot) {
        return History.ofBoot(fact, lockspace, node.value(), (int) boot.low());
    }

    private int starts(
            int past, Machine here, Mutation.Start start, List<Machine> all, List<Surroundings.Block> blocks) {
        comms(here, start);
        if (isFalselySilent(past, here)) {
            return past;
        }
        String who = "node " + here.number() + " starts " + start.name() + " under epoch " + start.epoch();
        int k = cluster.lockspaces.indexOf(start.name());
        for (Machine other : all) {
            if (other.number() != here.number() && !isFalselySilent(past, other)) {
                other(past, who, start, other, k, blocks.get(other.number() - 1));
            }
        }
        for (Member member : start.view().members()) {
            if (history.has(past, fact(History.Fact.OUTCAST, k, member.node(), member.boot()))) {
                throw new Violation("P6: " + who + " with node " + member.node() + ", which was cast out before");
            }
        }
        cluster.note(start.view());
        int now = history.started(
                        past,
                        k,
                        start.epoch(),
                        start.view().digest(),
                        digest -> isForgotten(cluster.view(digest), start.epoch(), all, blocks))
                .orElseThrow(() -> new Violation("P1: " + who + " with "
                        + start.view().nodes() + ", which was started with other members before"));
        for (Eviction eviction : here.state().orElseThrow().evictions()) {
            boolean member = start.view()
                    .member(eviction.node())
                    .filter(m -> m.boot().equals(eviction.boot()))
                    .isPresent();
            if (eviction.kind().isProof() && !member) {
                now = history.with(now, fact(History.Fact.OUTCAST, k, eviction.node(), eviction.boot()));
            }
        }
        return now;
    }

    /** Whether nobody lives any more of those that may have used the epoch, and no block of theirs tells of it. */
    private boolean isForgotten(View used, Epoch epoch, List<Machine> all, List<Surroundings.Block> blocks) {
        return cluster.losesReports()
                && used.members().stream().noneMatch(member -> {
                    int index = member.node().value() - 1;
                    boolean lives = all.get(index).up() && all.get(index).boot().equals(member.boot());
                    boolean told = blocks.get(index) instanceof Surroundings.Block.Holds holds
                            && !epoch.isAfter(holds.report().highestEpoch());
                    return lives || told;
                });
    }

    private void other(int past, String who, Mutation.Start start, Machine other, int k, Surroundings.Block block) {
        NodeNumber node = other.node();
        if (other.up()) {
            Space space = other.spaces().get(start.name());
            if (space == null) {
                return;
            }
            if (space.running() && !space.epoch().equals(start.epoch())) {
                throw new Violation("P2: " + who + " while node " + node + " runs epoch " + space.epoch());
            }
            Optional<Member> member = start.view().member(node);
            if (space.mayHoldLocks()
                    && member.filter(m -> m.boot().equals(other.boot())).isEmpty()) {
                throw new Violation("P3: " + who + " without node " + node + ", which may hold locks");
            }
            return;
        }
        BootId last = other.boot();
        boolean died = history.has(past, fact(History.Fact.DIED_HOLDING, k, node, last));
        boolean proven = history.has(past, fact(History.Fact.PROVEN_DEAD, 0, node, last));
        boolean listed = block instanceof Surroundings.Block.Holds holds
                && holds.report().boot().equals(last);
        boolean member =
                start.view().member(node).filter(m -> m.boot().equals(last)).isPresent();
        if (died && listed && !proven && !member) {
            throw new Violation("P9: " + who + " though node " + node + " died holding locks and nobody has a proof");
        }
    }

    private static void comms(Machine here, Mutation.Start start) {
        for (Member member : start.view().members()) {
            boolean right = member.boot().equals(here.comms().get(member.node()));
            if (member.node().value() != here.number() && !right) {
                throw new Violation("P7: node " + here.number() + " starts " + start.name()
                        + " with another boot's comm for node " + member.node());
            }
        }
    }

    /** What the kernel's recovery sees of comms and fresh entries now is what it believes of its former members. */
    private void takesIn(int past, Machine here, LockspaceName name, Optional<Space> of, List<Machine> all) {
        if (of.isEmpty() || isFalselySilent(past, here)) {
            return;
        }
        Space space = of.get();
        for (Member before : space.taken().members()) {
            Optional<Member> now = space.view().member(before.node());
            boolean fresh = space.fresh().contains(before.node());
            String who = "node " + here.number() + " in " + name;
            if (before.node().value() == here.number()) {
                continue;
            }
            if (now.isEmpty()) {
                left(past, who, here, name, before, all.get(before.node().value() - 1));
            } else if (now.get().sameJoin(before) && fresh) {
                throw new Violation(
                        "P7: " + who + " drops the locks of node " + before.node() + ", renewed for nothing");
            } else if (!now.get().sameJoin(before) && !fresh) {
                throw new Violation("P7: " + who + " keeps ghost locks of node " + before.node() + ", not renewed");
            }
        }
    }

    private void left(int past, String who, Machine here, LockspaceName name, Member gone, Machine peer) {
        int k = cluster.lockspaces.indexOf(name);
        boolean hasComm = gone.boot().equals(here.comms().get(gone.node()));
        if (hasComm && history.has(past, fact(History.Fact.DIED_HOLDING, k, gone.node(), gone.boot()))) {
            throw new Violation("P7: " + who + " takes dead node " + gone.node() + " for a leaver");
        }
        boolean lives = peer.up() && peer.boot().equals(gone.boot());
        if (!hasComm && lives && !isFalselySilent(past, peer)) {
            throw new Violation("P7: " + who + " takes leaver " + gone.node() + " for dead");
        }
    }
}
