// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Eviction;
import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.core.BlockState;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.core.RegionState;
import dev.lockstep.core.State;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Decision;
import dev.lockstep.kernel.Mutation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sees all machines at once and writes down what must never happen. P1 to P4, P7 and P8 are seen by the kernels' own
 * oracle, which this one asks; the others here. A machine that is an outlaw is not judged.
 */
final class Judge {
    private record Life(int lockspace, NodeNumber node, BootId boot) {}

    private final World world;
    private final List<String> violations = new ArrayList<>();
    private final Set<BootId> proven = new HashSet<>();
    private final Set<Life> diedHolding = new HashSet<>();
    private final Set<Life> outcasts = new HashSet<>();

    /** The highest epoch a node ever started a lockspace under, over all its lives. */
    private final long[][] highest;

    /** The join number of each lockspace's last create that a node reported, and the life it belongs to. */
    private final Map<Life, Long> joins = new HashMap<>();

    private int kernelsSeen;
    private boolean quiet;

    Judge(World world) {
        this.world = world;
        highest = new long[world.settings.nodes()][StormSettings.LOCKSPACES.size()];
    }

    List<String> violations() {
        return violations;
    }

    boolean isWell() {
        return violations.isEmpty();
    }

    void violated(String what) {
        violations.add(what);
        world.trace.tell(world.machines[0], "VIOLATION", what);
    }

    /** From now on only agents come and go: no kernel may be told anything (P13). */
    void expectsQuiet() {
        quiet = true;
    }

    /** Takes over what the kernels' oracle saw. */
    void kernels() {
        List<String> seen = world.fabric.violations();
        for (; kernelsSeen < seen.size(); kernelsSeen++) {
            violated("kernel: " + seen.get(kernelsSeen));
        }
    }

    void dies(Machine machine) {
        quiet = false; // then it is not only agents that come and go
        for (int k = 0; k < StormSettings.LOCKSPACES.size() && !machine.isOutlaw(); k++) {
            if (machine.kernel().mayHoldLocks(StormSettings.LOCKSPACES.get(k))) {
                diedHolding.add(new Life(k, machine.number, machine.bootId()));
            }
        }
    }

    void decides(Agent agent, State before, Decision decision) {
        if (decision instanceof Decision.SplitSeen seen) {
            splits(agent, before, seen);
        }
    }

    /** An agent's own evict list has changed. */
    void vouches(Agent agent) {
        if (agent.machine.isOutlaw()) {
            return;
        }
        for (Eviction eviction : agent.state().evictions()) {
            if (eviction.kind().isProof() && proven.add(eviction.boot())) {
                verdict(agent, eviction);
            }
        }
    }

    private void verdict(Agent agent, Eviction verdict) {
        Machine judged = world.machine(verdict.node());
        boolean alive = judged.up() && judged.bootId().equals(verdict.boot()) && !judged.isOutlaw();
        if (!alive) {
            return;
        }
        boolean notCovered = verdict.kind() == Eviction.Kind.TIMEOUT
                && world.settings.fence() == FenceMode.SELF
                && judged.wasSilentUnseen();
        if (notCovered) {
            judged.outlaw();
        } else {
            violated("P3: node " + agent.machine.number + " holds node " + judged.number + " for dead ("
                    + verdict.kind() + "), which runs");
        }
    }

    /** P10: what the core makes of the rows is what they say. */
    private void splits(Agent agent, State before, Decision.SplitSeen seen) {
        SplitCheck.differs(before, seen)
                .ifPresent(what -> violated("P10: node " + agent.machine.number + " sees a split in which "
                        + seen.goOn() + " go on and " + seen.lose() + " lose, " + what));
    }

    void orders(Agent agent, Mutation mutation) {
        if (agent.machine.isOutlaw()) {
            return;
        }
        if (quiet) {
            violated("P13: only agents came and went, and node " + agent.machine.number + " has to " + mutation.text()
                    + mutation.lockspace().map(n -> " " + n).orElse(""));
        }
        if (mutation instanceof Mutation.Start start) {
            noneEvicted(agent, start);
        }
    }

    /** P5: as far as the node itself knows when it orders a start. */
    private void noneEvicted(Agent agent, Mutation.Start start) {
        for (Member member : start.view().members()) {
            if (knowsEvicted(agent.state(), member.node(), member.boot())) {
                violated("P5: node " + agent.machine.number + " orders the start of " + start.name() + " under epoch "
                        + start.epoch() + " with node " + member.node() + ", which it knows to be evicted");
            }
        }
    }

    static boolean knowsEvicted(State state, NodeNumber node, BootId boot) {
        if (Eviction.named(state.evictions(), node, boot)) {
            return true;
        }
        for (RegionState region : state.regions().values()) {
            for (BlockState block : region.blocks().values()) {
                if (block.report().isPresent() && block.report().get().evicts(node, boot)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** In the moment in which the kernel is told. */
    void starts(Machine here, Mutation.Start start) {
        int lockspace = StormSettings.indexOf(start.name());
        State state = here.state();
        if (here.isOutlaw() || state == null) {
            return;
        }
        String who = "node " + here.number + " starts " + start.name() + " under epoch " + start.epoch();
        if (start.epoch().value() <= highest[here.index][lockspace]) {
            violated("P6: " + who + ", and it started " + highest[here.index][lockspace] + " before");
        }
        highest[here.index][lockspace] = start.epoch().value();
        for (Member member : start.view().members()) {
            if (outcasts.contains(new Life(lockspace, member.node(), member.boot()))) {
                violated("P6: " + who + " with node " + member.node() + ", which was cast out before");
            }
        }
        for (Life dead : diedHolding) {
            if (dead.lockspace() == lockspace && isOwed(dead, start)) {
                violated("P9: " + who + " though node " + dead.node()
                        + " died holding locks, its block lists it, and nobody has a proof");
            }
        }
        for (Eviction eviction : state.evictions()) {
            boolean member = isMember(start, eviction.node(), eviction.boot());
            if (eviction.kind().isProof() && !member) {
                outcasts.add(new Life(lockspace, eviction.node(), eviction.boot()));
            }
        }
    }

    private static boolean isMember(Mutation.Start start, NodeNumber node, BootId boot) {
        Optional<Member> member = start.view().member(node);
        return member.isPresent() && member.get().boot().equals(boot);
    }

    private boolean isOwed(Life dead, Mutation.Start start) {
        if (proven.contains(dead.boot()) || isMember(start, dead.node(), dead.boot())) {
            return false;
        }
        int region = StormSettings.guardOf(dead.lockspace());
        Block block = world.disks[region].block(dead.node().value() - 1);
        // A later life that has reported is a proof for whoever read that, though a copy with its report be lost since.
        return block.isLastOf(dead.boot())
                && block.now() instanceof BlockReading.Good good
                && good.report().boot().equals(dead.boot())
                && lists(good.report(), start.name());
    }

    /** {@return whether a report says that its writer may hold locks, or wants to} */
    static boolean lists(Report report, LockspaceName name) {
        Optional<LockspaceEntry> entry = report.lockspace(name);
        return entry.isPresent() && entry.get().phase() != Phase.LEAVING;
    }

    /** P6: a join number never falls within a life. */
    void lands(Machine machine, int region, Report report) {
        world.trace.mix(report.seq() * 31 + region);
        for (LockspaceEntry entry : report.lockspaces()) {
            Life life = new Life(StormSettings.indexOf(entry.name()), machine.number, report.boot());
            Long last = joins.put(life, entry.join().value());
            if (last != null && last > entry.join().value() && !machine.isOutlaw()) {
                violated("P6: node " + machine.number + " reports join " + entry.join() + " of " + entry.name()
                        + " after join " + last);
            }
        }
    }
}
