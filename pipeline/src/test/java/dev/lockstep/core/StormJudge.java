// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.Mutation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;

/** Knows what really runs, and holds every start and every recovery against it. */
@NullUnmarked // a scaffold: what is missing fails the test that asks for it
final class StormJudge {

    private record Start(LockspaceName name, Epoch epoch) {}

    private record Holder(LockspaceName name, NodeNumber node, BootId boot) {}

    private final Storm storm;
    private final Map<Start, View> views = new HashMap<>();
    private final Set<Holder> diedHolding = new HashSet<>();

    StormJudge(Storm storm) {
        this.storm = storm;
    }

    void died(StormMachine machine) {
        machine.kernel.spaces.forEach((name, space) -> {
            if (space.mayHoldLocks()) {
                diedHolding.add(new Holder(name, machine.number, machine.boot));
            }
        });
    }

    void starts(StormMachine machine, Mutation.Start start) {
        View known = views.putIfAbsent(new Start(start.name(), start.epoch()), start.view());
        if (known != null && !known.equals(start.view())) {
            throw new AssertionError("P1: epoch " + start.epoch() + " of " + start.name() + " with two views");
        }
        for (StormMachine other : storm.machines.values()) {
            StormKernel.Space space = other.kernel.spaces.get(start.name());
            if (other == machine || !other.up || space == null) {
                continue;
            }
            if (space.running && !space.epoch.equals(start.epoch())) {
                throw new AssertionError("P2: node " + machine.number + " starts " + start.name() + " under "
                        + start.epoch() + " while node " + other.number + " runs " + space.epoch);
            }
            Optional<Member> member = start.view().member(other.number);
            if (space.mayHoldLocks()
                    && member.filter(m -> m.boot().equals(other.boot)).isEmpty()) {
                throw new AssertionError("P3: node " + machine.number + " starts " + start.name() + " without node "
                        + other.number + ", which may hold locks");
            }
        }
        for (Member member : start.view().members()) {
            boolean right = member.boot().equals(machine.kernel.comms.get(member.node()));
            if (!member.node().equals(machine.number) && !right) {
                throw new AssertionError("P7: start with another boot's comm for node " + member.node());
            }
        }
    }

    /** The kernel's recovery takes its members in: what it sees of comms and fresh entries now is what it believes. */
    void takesIn(StormMachine machine, LockspaceName name, StormKernel.Space space) {
        for (Member before : space.taken.members()) {
            if (before.node().equals(machine.number)) {
                continue;
            }
            Optional<Member> now = space.view.member(before.node());
            if (now.isEmpty()) {
                left(machine, name, before);
            } else if (now.get().sameJoin(before)
                    && space.fresh.contains(before.node())
                    && space.mayMaster.contains(before.node())) {
                throw new AssertionError("renewed for nothing: node " + machine.number + " drops the locks of node "
                        + before.node() + " in " + name);
            } else if (!now.get().sameJoin(before) && !space.fresh.contains(before.node())) {
                throw new AssertionError("not renewed: node " + machine.number + " keeps ghost locks of node "
                        + before.node() + " in " + name);
            }
        }
        space.mayMaster.removeIf(n -> space.fresh.contains(n) || !space.view.has(n));
        space.taken = space.view;
        space.fresh.clear();
    }

    /** From now on this machine takes locks, and any member may be their master. */
    void recovered(StormMachine machine, LockspaceName name, StormKernel.Space space) {
        for (Member member : space.view.members()) {
            StormKernel.Space theirs =
                    storm.machines.get(member.node()).kernel.spaces.get(name);
            if (theirs != null && !member.node().equals(machine.number)) {
                theirs.mayMaster.add(machine.number);
            }
        }
    }

    private void left(StormMachine machine, LockspaceName name, Member gone) {
        boolean hasComm = gone.boot().equals(machine.kernel.comms.get(gone.node()));
        if (hasComm && diedHolding.contains(new Holder(name, gone.node(), gone.boot()))) {
            throw new AssertionError("P7: node " + machine.number + " takes dead node " + gone.node()
                    + " for a leaver of " + name + ": nobody replays its journal");
        }
        StormMachine peer = storm.machines.get(gone.node());
        if (!hasComm && peer.up && peer.boot.equals(gone.boot())) {
            throw new AssertionError(
                    "P7: node " + machine.number + " takes leaver " + gone.node() + " of " + name + " for dead");
        }
    }
}
