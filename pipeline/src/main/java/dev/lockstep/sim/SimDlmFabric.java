// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * The fs/dlm of a whole cluster: one simulated kernel per living node, and the barriers of their recoveries, which
 * compare neither epoch nor member list (fs/dlm member.c, recover.c). What a real kernel does not notice is written
 * down as a violation: two holders of one lock, a start beside a lockspace that still runs, a comm removed under a
 * running lockspace, a uevent answered twice.
 *
 * <p>For any thread; one monitor guards all. Nothing blocks: a call that would sleep is a {@link SimDlmCall}.
 */
public final class SimDlmFabric {
    private final SortedMap<NodeNumber, SimDlmNode> nodes = new TreeMap<>();

    private long connections;
    private final SimDlmOracle oracle = new SimDlmOracle();
    /** Lockspaces of dead nodes: until they recover without it, the others go on honouring its locks. */
    private final List<SimDlmLockspace> ghosts = new ArrayList<>();

    private final int nodeidOffset;
    private BiPredicate<NodeNumber, NodeNumber> network = (from, to) -> true;
    private long counter;

    /**
     * @param nodeidOffset nodeid = node number + this
     */
    public SimDlmFabric(int nodeidOffset) {
        this.nodeidOffset = nodeidOffset;
    }

    /**
     * Boots a node; a former life of it is gone.
     *
     * @param boot its boot id
     * @return its kernel, without any lockspace
     */
    public synchronized SimDlmNode boot(NodeNumber node, BootId boot) {
        SimDlmNode born = new SimDlmNode(this, node, boot);
        crash(node);
        nodes.put(node, born);
        return born;
    }

    /** Takes a node's power away, with all it held. */
    public synchronized void crash(NodeNumber node) {
        SimDlmNode gone = nodes.remove(node);
        if (gone != null) {
            if (gone.isJudged()) {
                ghosts.addAll(gone.lockspaces.values());
            }
            gone.died();
            settle();
        }
    }

    /**
     * Lets recoveries depend on the network; call {@link #moveOn} whenever a link comes back.
     *
     * @param reaches whether lock traffic of one node reaches another
     */
    public synchronized void over(BiPredicate<NodeNumber, NodeNumber> reaches) {
        network = reaches;
    }

    /**
     * Lets epochs be used again that nobody can know of.
     *
     * @param lives tells lives that are over, and whose last reports of a lockspace were destroyed on the disk
     */
    public synchronized void forgets(BiPredicate<LockspaceName, BootId> lives) {
        oracle.forgets(lives);
    }

    /** Lets every recovery go as far as it can. */
    public synchronized void moveOn() {
        settle();
    }

    /**
     * Judges this life of a node no longer, and protects it no longer: it was rightly held for dead, and goes on all
     * the same, which only fencing could have prevented.
     */
    public synchronized void disregard(NodeNumber node) {
        SimDlmNode there = nodes.get(node);
        if (there != null) {
            there.disregard();
        }
    }

    /** {@return what must never happen and did, oldest first} */
    public synchronized List<String> violations() {
        return oracle.violations();
    }

    /** {@return whether the lockspace runs, recovered, on exactly these nodes, each with all of them as members} */
    public synchronized boolean runsOn(LockspaceName lockspace, SortedSet<NodeNumber> members) {
        List<SimDlmLockspace> running =
                everywhere(lockspace).stream().filter(each -> each.running).toList();
        return running.size() == members.size()
                && running.stream()
                        .allMatch(each ->
                                each.recovered() && members.contains(each.self) && each.members.equals(members));
    }

    int nodeidOffset() {
        return nodeidOffset;
    }

    SimDlmOracle oracle() {
        return oracle;
    }

    long next() {
        return ++counter;
    }

    Optional<BootId> bootOf(NodeNumber node) {
        return Optional.ofNullable(nodes.get(node)).map(SimDlmNode::boot);
    }

    Optional<SimMidcomms> midcomms(NodeNumber node) {
        return Optional.ofNullable(nodes.get(node)).map(SimDlmNode::midcomms);
    }

    long nextConnection() {
        return ++connections;
    }

    /** The lockspace in every living kernel that has it and is judged. */
    List<SimDlmLockspace> judged(LockspaceName name) {
        List<SimDlmLockspace> found = new ArrayList<>();
        for (SimDlmNode node : nodes.values()) {
            SimDlmLockspace there = node.lockspaces.get(name);
            if (there != null && node.isJudged()) {
                found.add(there);
            }
        }
        return found;
    }

    boolean judges(SimDlmLockspace lockspace) {
        SimDlmNode there = nodes.get(lockspace.self);
        return there != null && there.isJudged();
    }

    /** The lockspace in every living kernel that has it. */
    List<SimDlmLockspace> everywhere(LockspaceName name) {
        return nodes.values().stream()
                .map(node -> node.lockspaces.get(name))
                .filter(Objects::nonNull)
                .toList();
    }

    Optional<SimDlmLockspace> on(NodeNumber node, LockspaceName name) {
        return Optional.ofNullable(nodes.get(node)).map(n -> n.lockspaces.get(name));
    }

    /** Whether a peer lives and has that node as a member. */
    boolean keeps(NodeNumber peer, NodeNumber member) {
        SimDlmNode there = nodes.get(peer);
        return there != null && there.calls().keeps(member);
    }

    /** Whether that incarnation of a lockspace ended with its node, and not by a release. */
    boolean diedHolding(long incarnation, BootId boot) {
        return ghosts.stream()
                .anyMatch(g -> g.incarnation == incarnation && g.boot.equals(boot) && g.epoch > 0 && !g.inRelease);
    }

    /** Lets every recovery go as far as it can. */
    void settle() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (SimDlmNode node : nodes.values()) {
                moved |= node.calls().closeTransport();
                for (SimDlmLockspace each : List.copyOf(node.lockspaces.values())) {
                    moved |= each.advance(peersOf(node, each.name));
                    if (each.passed && each.round.isEmpty()) {
                        finished(node, each);
                    }
                }
            }
        }
    }

    private void finished(SimDlmNode node, SimDlmLockspace lockspace) {
        lockspace.round = round(lockspace);
        lockspace.honouredIn = lockspace.round;
        for (NodeNumber member : lockspace.members) {
            node.checkComm(lockspace, member);
        }
        lockspace.awaited.forEach((member, incarnation) -> {
            if (on(member, lockspace.name)
                    .filter(l -> l.incarnation == incarnation)
                    .isPresent()) {
                node.violated("node " + node.number() + " recovered " + lockspace.name + " with node " + member
                        + ", which came back and was not renewed");
            }
        });
        SimDlmCall waiting = lockspace.waiting;
        if (waiting != null && waiting.stage() == SimDlmCall.Stage.RECOVERING) {
            node.calls().joined(lockspace, waiting);
        }
    }

    private SimDlmLockspace.Peers peersOf(SimDlmNode self, LockspaceName name) {
        return new SimDlmLockspace.Peers() {
            @Override
            public boolean answers(NodeNumber node) {
                SimDlmNode peer = nodes.get(node);
                return peer != null
                        && self.comms.containsKey(node)
                        && peer.listensTo(self.number())
                        && network.test(self.number(), node);
            }

            @Override
            public int statusOf(NodeNumber node) {
                return network.test(self.number(), node)
                        ? on(node, name).map(lockspace -> lockspace.status).orElse(0)
                        : 0;
            }
        };
    }

    /** The nodeid that recover_nodeid shows. */
    int polledBy(SimDlmLockspace lockspace) {
        return lockspace.polls.map(node -> node.value() + nodeidOffset).orElse(0);
    }

    // The very starts a recovery went through: only lockspaces with equal rounds know of each other's locks. One that
    // passed the barriers on somebody's flags of an earlier recovery has a round of its own.
    private List<Long> round(SimDlmLockspace lockspace) {
        List<Long> starts = new ArrayList<>();
        for (NodeNumber member : lockspace.members) {
            starts.add(on(member, lockspace.name).map(l -> l.startSeq).orElse(0L));
        }
        return starts;
    }

    /** Whether another is known to hold a resource in the lockspace's own recovery. */
    boolean isHeldElsewhere(SimDlmLockspace lockspace, String resource) {
        for (SimDlmNode node : nodes.values()) {
            SimDlmLockspace other = node.lockspaces.get(lockspace.name);
            if (other != null && honoured(lockspace, other, resource)) {
                return true;
            }
        }
        for (SimDlmLockspace ghost : ghosts) {
            if (ghost.name.equals(lockspace.name) && honoured(lockspace, ghost, resource)) {
                return true;
            }
        }
        return false;
    }

    private static boolean honoured(SimDlmLockspace lockspace, SimDlmLockspace other, String resource) {
        return other != lockspace && other.held.contains(resource) && other.honouredIn.equals(lockspace.round);
    }
}
