// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Eviction;
import dev.lockstep.board.Report;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.core.LockspaceState;
import dev.lockstep.core.State;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotReading;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which waits are legitimate: some proof, report or link is owed. Looks at machines, disks and the network only, and
 * at the core for no more than whether a machine was told to go.
 */
final class Debts {
    private final World world;

    Debts(World world) {
        this.world = world;
    }

    /** {@return machines that must be in the lockspace's one view} */
    SortedSet<NodeNumber> members(int lockspace) {
        SortedSet<NodeNumber> members = new TreeSet<>();
        for (Machine machine : world.machines) {
            if (isMember(machine, lockspace)) {
                members.add(machine.number);
            }
        }
        return members;
    }

    private boolean isMember(Machine machine, int lockspace) {
        LockspaceName name = StormSettings.LOCKSPACES.get(lockspace);
        return machine.up()
                && machine.agent() != null
                && machine.kernel().has(name)
                && !machine.kernel().inRelease(name)
                && machine.beatsIn(StormSettings.guardOf(lockspace))
                && !mustGo(machine);
    }

    /** Told to go by its own core, or by somebody's block on a board. */
    boolean mustGo(Machine machine) {
        State state = machine.state();
        if (machine.isOutlaw()
                || (machine.agent() != null && state != null && state.mustGo().isPresent())) {
            return true;
        }
        for (Disk disk : world.disks) {
            for (Machine other : world.machines) {
                if (disk.block(other.index).now() instanceof BlockReading.Good good
                        && good.report().evicts(machine.number, machine.bootId())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@return what the lockspace may wait for; empty if it has nothing to wait for} */
    Optional<String> owed(int lockspace) {
        Optional<String> own = byMachines(lockspace);
        return own.isPresent() ? own : byOthers(lockspace);
    }

    private Optional<String> byMachines(int lockspace) {
        for (Machine machine : world.machines) {
            Optional<String> debt = machine.up() ? byLiving(machine, lockspace) : byDead(machine, lockspace);
            if (debt.isPresent()) {
                return debt;
            }
        }
        return Optional.empty();
    }

    private Optional<Report> report(Machine machine, int lockspace) {
        Disk disk = world.disks[StormSettings.guardOf(lockspace)];
        return disk.block(machine.index).now() instanceof BlockReading.Good good
                ? Optional.of(good.report())
                : Optional.empty();
    }

    private boolean isListed(Machine machine, int lockspace) {
        Optional<Report> report = report(machine, lockspace);
        return report.isPresent() && Judge.lists(report.get(), StormSettings.LOCKSPACES.get(lockspace));
    }

    private boolean isUnreadable(Machine machine, int lockspace) {
        Disk disk = world.disks[StormSettings.guardOf(lockspace)];
        Block block = disk.block(machine.index);
        return block.isDamaged() || block.now() instanceof BlockReading.Bad || saysNothing(machine, lockspace);
    }

    /** Its own block is destroyed, and there is no memory to write it anew from. */
    boolean needsFormat(Machine machine, int region) {
        return machine.found().lasting().seqBound() == 0
                && world.disks[region].block(machine.index).now() instanceof BlockReading.Bad;
    }

    /** A vacant block tells nothing of a node that beats, or that may for all that can be read. */
    private boolean saysNothing(Machine machine, int lockspace) {
        int guard = StormSettings.guardOf(lockspace);
        Disk disk = world.disks[guard];
        boolean mayBeat = machine.beatsIn(guard) || disk.slots().get(machine.number) instanceof SlotReading.BadChecksum;
        return mayBeat && disk.block(machine.index).now() instanceof BlockReading.Vacant;
    }

    private Optional<String> byLiving(Machine machine, int lockspace) {
        LockspaceName name = StormSettings.LOCKSPACES.get(lockspace);
        boolean involved = isListed(machine, lockspace) || machine.kernel().has(name);
        String who = "node " + machine.number;
        if (machine.agent() == null) {
            return involved || isUnreadable(machine, lockspace)
                    ? Optional.of("a report of " + who + ", which has no agent")
                    : Optional.empty();
        }
        boolean silent = !machine.beatsIn(StormSettings.guardOf(lockspace));
        if (silent && (involved || isUnreadable(machine, lockspace))) {
            return Optional.of("a proof of " + who + ", which left the region");
        }
        if (involved && mustGo(machine)) {
            return Optional.of("the end of " + who + ", which must go");
        }
        if (needsFormat(machine, StormSettings.guardOf(lockspace))) {
            return Optional.of("a format by hand of the block of " + who + ", whose memory is lost, too");
        }
        State state = machine.state();
        LockspaceState known = state == null ? null : state.lockspaces().get(name);
        if ((known != null && known.uncontrolled())
                || (isUnreadable(machine, lockspace) && runsUnlisted(machine, lockspace))) {
            return Optional.of("a release on " + who + ", where nobody knows its members");
        }
        return Optional.empty();
    }

    /** A block that is lost is not written again while its report might tell of a release that never was. */
    private static boolean runsUnlisted(Machine machine, int lockspace) {
        State state = machine.state();
        for (LockspaceName each : StormSettings.LOCKSPACES) {
            int guard = StormSettings.guardOf(StormSettings.indexOf(each));
            LockspaceState known = state == null ? null : state.lockspaces().get(each);
            boolean concerns = guard == StormSettings.guardOf(lockspace) || !machine.hasRegion(guard);
            if (concerns
                    && known != null
                    && known.phase().isEmpty()
                    && machine.kernel().mayHoldLocks(each)) {
                return true;
            }
        }
        return false;
    }

    private Optional<String> byDead(Machine machine, int lockspace) {
        String who = "node " + machine.number;
        if (isUnreadable(machine, lockspace)) {
            return Optional.of("the block of " + who + ", which is off");
        }
        Optional<Report> report = report(machine, lockspace);
        if (report.isEmpty() || !isListed(machine, lockspace)) {
            return Optional.empty();
        }
        BootId boot = report.get().boot();
        for (Machine member : world.machines) {
            boolean proves =
                    world.settings.fence() == FenceMode.SELF ? canProve(member, machine, boot) : isTold(member, boot);
            if (isMember(member, lockspace) && !proves) {
                return Optional.of("a proof for node " + member.number + " that " + who + " is off");
            }
        }
        return Optional.empty();
    }

    /**
     * Whether it holds a proof, or reads what an administrator or the fence command told somebody. A word to an agent
     * that died before it could write that down is lost: it has to be given again, or the next one's turn comes.
     */
    private boolean isTold(Machine member, BootId boot) {
        boolean told = member.knows(boot);
        for (int r = 0; r < world.disks.length; r++) {
            for (Machine other : world.machines) {
                told |= member.hasRegion(r)
                        && world.disks[r].block(other.index).now() instanceof BlockReading.Good good
                        && good.report().evictions().stream()
                                .anyMatch(e -> isVouchedFor(e) && e.boot().equals(boot));
            }
        }
        return told;
    }

    private static boolean isVouchedFor(Eviction verdict) {
        return verdict.kind() == Eviction.Kind.ACKNOWLEDGED || verdict.kind() == Eviction.Kind.FENCED;
    }

    /** Whether it can see a silence for itself: nobody else's TIMEOUT is a proof. */
    private boolean canProve(Machine member, Machine dead, BootId boot) {
        for (Disk disk : world.disks) {
            if (disk.slots().get(dead.number) instanceof SlotReading.BadChecksum) {
                return member.knows(boot); // it may live there, for all that a newcomer can tell
            }
        }
        for (int r = 0; r < StormSettings.REGIONS.size(); r++) {
            SlotReading slot = world.disks[r].slots().get(dead.number);
            boolean beat = slot instanceof SlotReading.Good good
                    && !good.block().generation().isNone();
            // Where the newer copy is lost, it may have read another boot there before.
            boolean reported = !world.disks[r].block(dead.index).isDamaged()
                    && world.disks[r].block(dead.index).now() instanceof BlockReading.Good good
                    && good.report().boot().equals(boot);
            if (member.beatsIn(r)
                    && beat
                    && reported
                    && !leftSince(dead, world.disks[r])
                    && !seemsToBeatBeside(member, dead)) {
                return true;
            }
        }
        return member.knows(boot);
    }

    /**
     * It has stopped beating in a region and cannot tell, since its own slot there was written over: what it waits to
     * count there, before it holds the other for dead, never comes.
     */
    private boolean seemsToBeatBeside(Machine member, Machine dead) {
        for (int r = 0; r < StormSettings.REGIONS.size(); r++) {
            var slots = world.disks[r].slots();
            if (member.hasRegion(r)
                    && !member.beatsIn(r)
                    && slots.get(member.number) instanceof SlotReading.BadChecksum
                    && slots.get(dead.number) instanceof SlotReading.Good good
                    && !good.block().generation().isNone()) {
                return true;
            }
        }
        return false;
    }

    /** It stopped another heartbeat in good order while it was silent there: that may have been stopped as well. */
    private boolean leftSince(Machine dead, Disk silent) {
        long missedNs = silent.slotWrittenNs(dead.index) + 2 * StormSettings.PERIOD_NS - StormSettings.PERIOD_NS / 2;
        for (Disk disk : world.disks) {
            boolean left = disk.slots().get(dead.number) instanceof SlotReading.Good good
                    && good.block().generation().isNone();
            if (left && disk.slotWrittenNs(dead.index) > missedNs) {
                return true;
            }
        }
        return false;
    }

    /** A lockspace that runs on, since it waits, keeps the comms of members that are gone: others wait for those. */
    private Optional<String> byOthers(int lockspace) {
        Optional<String> debt = cutIn(lockspace);
        for (int k = 0; k < StormSettings.LOCKSPACES.size() && debt.isEmpty(); k++) {
            if (k != lockspace && needsOldComm(k, lockspace)) {
                Optional<String> cut = cutIn(k);
                debt = cut.isPresent() ? cut : byMachines(k);
            }
        }
        return debt;
    }

    private boolean needsOldComm(int k, int lockspace) {
        for (Machine each : world.machines) {
            if (isMember(each, lockspace) && each.kernel().needsOldComm(StormSettings.LOCKSPACES.get(k))) {
                return true;
            }
        }
        return false;
    }

    private Optional<String> cutIn(int lockspace) {
        for (Machine a : world.machines) {
            for (Machine b : world.machines) {
                if (isMember(a, lockspace) && isMember(b, lockspace) && !world.wires.joined(a.index, b.index)) {
                    return Optional.of("the link of nodes " + a.number + " and " + b.number);
                }
            }
        }
        return Optional.empty();
    }
}
