// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.uevent.Uevent;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/**
 * One life of one node's kernel, as its programs see it: create and release lockspaces, lock and unlock. Creates and
 * releases queue behind the one that has not returned, as they do behind fs/dlm's one mutex. For any thread.
 */
public final class SimDlmNode {

    /** What became of a request for an exclusive lock. */
    public enum Grant {
        /** It is held. */
        GRANTED,
        /** Another node holds it. */
        BUSY,
        /** The lockspace is stopped or recovers: the request sleeps. */
        STOPPED
    }

    final SortedMap<LockspaceName, SimDlmLockspace> lockspaces = new TreeMap<>();

    /** Which boot of each peer the comm was made for. */
    /** Which boot each peer's comm was made for; changed by {@link #makeComm} and {@link #removeComm}. */
    final SortedMap<NodeNumber, BootId> comms = new TreeMap<>();

    private final SimMidcomms midcomms = new SimMidcomms();

    /** What configfs lists for a lockspace, be there one or not, as {@link SimDlmLockspace#configured}. */
    final SortedMap<LockspaceName, SortedMap<NodeNumber, Boolean>> spaces = new TreeMap<>();

    private final SimDlmFabric fabric;
    private final NodeNumber number;
    private final BootId boot;
    private final SimUevents uevents = new SimUevents();
    private final SimDlmCalls calls;
    private boolean alive = true;
    private boolean judged = true;

    SimDlmNode(SimDlmFabric fabric, NodeNumber number, BootId boot) {
        this.fabric = fabric;
        this.number = number;
        this.boot = boot;
        this.calls = new SimDlmCalls(fabric, this, uevents);
    }

    /** {@return the node's number} */
    public NodeNumber number() {
        return number;
    }

    /** {@return the boot id of this life} */
    public BootId boot() {
        return boot;
    }

    /** {@return what an agent drives this kernel by} */
    public SimDlmKernel kernel() {
        return new SimDlmKernel(fabric, this);
    }

    /** {@return sysfs and configfs, with nothing set up yet; once for each node, and instead of {@link #kernel}} */
    public SimDlmFiles files() {
        synchronized (fabric) {
            return new SimDlmFiles(fabric, this);
        }
    }

    /**
     * Shows every datagram from now on as the kernel would send it.
     *
     * @param listener takes each, under the fabric's monitor: it must only keep it
     */
    public void onDatagram(Consumer<byte[]> listener) {
        synchronized (fabric) {
            uevents.listen(listener);
        }
    }

    /**
     * {@return a uevent socket, open from now on}
     *
     * @param thread emits
     */
    public SimUeventSource openUevents(Scheduler thread) {
        synchronized (fabric) {
            return uevents.open(thread, this::closed);
        }
    }

    private void closed(SimUeventSource source) {
        synchronized (fabric) {
            uevents.close(source);
        }
    }

    /**
     * Hears every uevent of lockspaces from now on, instead of whoever heard them before.
     *
     * @param listener takes each, under the fabric's monitor: it must only keep it
     */
    public void onUevent(Consumer<Uevent> listener) {
        synchronized (fabric) {
            uevents.tap(listener);
        }
    }

    /** {@return whether it has that lockspace} */
    public boolean has(LockspaceName name) {
        synchronized (fabric) {
            return lockspaces.containsKey(name);
        }
    }

    /** {@return whether locks may be held there: it was started, and is not on its way out} */
    public boolean mayHoldLocks(LockspaceName name) {
        synchronized (fabric) {
            SimDlmLockspace there = lockspaces.get(name);
            return there != null && there.epoch > 0 && !there.inRelease;
        }
    }

    /** {@return whether a program is letting go of it} */
    public boolean inRelease(LockspaceName name) {
        synchronized (fabric) {
            SimDlmLockspace there = lockspaces.get(name);
            return there != null && there.inRelease;
        }
    }

    /**
     * {@return whether that lockspace runs there and has a use for a comm of a life that is over: that of a member, or
     *     of anybody while its recovery has not begun, since a clean leaver's must stay until then}
     */
    public boolean needsOldComm(LockspaceName name) {
        synchronized (fabric) {
            SimDlmLockspace there = lockspaces.get(name);
            return there != null
                    && there.running
                    && comms.keySet().stream()
                            .filter(peer -> there.status == 0 || there.members.contains(peer))
                            .anyMatch(peer -> !fabric.bootOf(peer).equals(Optional.ofNullable(comms.get(peer))));
        }
    }

    /** {@return recover_status; -1 without that lockspace} */
    public int recoverStatus(LockspaceName name) {
        synchronized (fabric) {
            SimDlmLockspace there = lockspaces.get(name);
            return there == null ? -1 : there.status;
        }
    }

    /** {@return recover_nodeid; 0 without that lockspace} */
    public int recoverNodeid(LockspaceName name) {
        synchronized (fabric) {
            SimDlmLockspace there = lockspaces.get(name);
            return there == null ? 0 : fabric.polledBy(there);
        }
    }

    /** A program creates a lockspace that must not be there. */
    public SimDlmCall create(LockspaceName name) {
        return create(name.value(), true);
    }

    /**
     * A program creates a lockspace, or joins those of this node who have it.
     *
     * @param name as the program gives it: any length, and with slashes
     * @param exclusive fail with EEXIST where it is there
     */
    public SimDlmCall create(String name, boolean exclusive) {
        return calls.call(new SimDlmCall(name, Uevent.Action.ONLINE, exclusive));
    }

    /** A program releases a lockspace, with force: locks it holds are dropped when the agent has answered. */
    public SimDlmCall release(LockspaceName name) {
        return calls.call(new SimDlmCall(name.value(), Uevent.Action.OFFLINE, false));
    }

    /** A program asks for an exclusive lock, without waiting. */
    public Grant lock(LockspaceName name, String resource) {
        synchronized (fabric) {
            SimDlmLockspace lockspace = lockspaces.get(name);
            if (lockspace == null || !lockspace.recovered()) {
                return Grant.STOPPED;
            }
            if (fabric.isHeldElsewhere(lockspace, resource)) {
                return Grant.BUSY;
            }
            if (judged) {
                fabric.oracle().granted(lockspace, resource, fabric.judged(name));
            }
            lockspace.held.add(resource);
            return Grant.GRANTED;
        }
    }

    /** A program gives a lock back. */
    public void unlock(LockspaceName name, String resource) {
        synchronized (fabric) {
            SimDlmLockspace lockspace = lockspaces.get(name);
            if (lockspace != null) {
                lockspace.held.remove(resource);
            }
        }
    }

    /**
     * Removes a comm, and panics under a running lockspace that has the node.
     *
     * @return whether this node survived it
     */
    boolean removeComm(NodeNumber peer) {
        for (SimDlmLockspace each : lockspaces.values()) {
            if (each.running && each.members.contains(peer)) {
                violated("node " + number + " removes the comm of node " + peer + " while " + each.name
                        + " runs with it: kernel panic");
                fabric.crash(number);
                return false;
            }
        }
        comms.remove(peer);
        midcomms.removed(peer);
        return true;
    }

    /** {@return whether its transport takes a connection: it listens while there is a lockspace, to whom it knows} */
    boolean listensTo(NodeNumber peer) {
        return !lockspaces.isEmpty() && comms.containsKey(peer);
    }

    /** Makes a comm where there is none. */
    void makeComm(NodeNumber peer, BootId boot) {
        if (comms.putIfAbsent(peer, boot) == null) {
            midcomms.made(peer, fabric.nextConnection());
        }
    }

    void checkComm(SimDlmLockspace lockspace, NodeNumber member) {
        Optional<BootId> life = fabric.bootOf(member);
        if (!member.equals(number) && life.isPresent() && !life.get().equals(comms.get(member))) {
            violated("node " + number + " recovered " + lockspace.name + " with node " + member
                    + ", whose comm was made for another life: lock messages are lost");
        }
        if (!member.equals(number)
                && !fabric.midcomms(member)
                        .map(there -> midcomms.agrees(member, there, number))
                        .orElse(true)) {
            violated("node " + number + " recovered " + lockspace.name + " with node " + member
                    + ", which has made its comm anew, and this one has not: lock messages are lost");
        }
    }

    SimMidcomms midcomms() {
        return midcomms;
    }

    SimDlmCalls calls() {
        return calls;
    }

    boolean alive() {
        return alive;
    }

    boolean isJudged() {
        return judged;
    }

    void disregard() {
        judged = false;
    }

    void violated(String what) {
        if (judged) {
            fabric.oracle().violated(what);
        }
    }

    void died() {
        alive = false;
        lockspaces.clear();
        calls.forget();
    }
}
