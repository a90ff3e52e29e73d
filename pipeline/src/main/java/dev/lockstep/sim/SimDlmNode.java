// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.uevent.Uevent;
import dev.lockstep.uevent.UeventSignal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import reactor.core.scheduler.Scheduler;

/**
 * One life of one node's kernel, as its programs see it: create and release lockspaces, lock and unlock. Creates and
 * releases queue behind a create that has not returned, as they do behind fs/dlm's one mutex. For any thread.
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

    private static final int EEXIST = -17;
    private static final int ENOENT = -2;

    final SortedMap<LockspaceName, SimDlmLockspace> lockspaces = new TreeMap<>();

    /** Which boot of each peer the comm was made for. */
    final SortedMap<NodeNumber, BootId> comms = new TreeMap<>();

    private final SimDlmFabric fabric;
    private final NodeNumber number;
    private final BootId boot;
    private final Deque<SimDlmCall> queue = new ArrayDeque<>();
    private final Set<SimUeventSource> listeners = new HashSet<>();
    private boolean alive = true;

    SimDlmNode(SimDlmFabric fabric, NodeNumber number, BootId boot) {
        this.fabric = fabric;
        this.number = number;
        this.boot = boot;
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

    /**
     * {@return a uevent socket, open from now on}
     *
     * @param thread emits
     */
    public SimUeventSource openUevents(Scheduler thread) {
        synchronized (fabric) {
            SimUeventSource source = new SimUeventSource(thread, this::closed);
            listeners.add(source);
            return source;
        }
    }

    private void closed(SimUeventSource source) {
        synchronized (fabric) {
            listeners.remove(source);
        }
    }

    /** A program creates a lockspace. */
    public SimDlmCall create(LockspaceName name) {
        return call(new SimDlmCall(name, Uevent.Action.ONLINE));
    }

    /** A program releases a lockspace, with force: locks it holds are dropped when the agent has answered. */
    public SimDlmCall release(LockspaceName name) {
        return call(new SimDlmCall(name, Uevent.Action.OFFLINE));
    }

    /** A program asks for an exclusive lock, without waiting. */
    public Grant lock(LockspaceName name, String resource) {
        synchronized (fabric) {
            SimDlmLockspace lockspace = lockspaces.get(name);
            if (lockspace == null || !lockspace.recovered()) {
                return Grant.STOPPED;
            }
            if (fabric.knownHolder(lockspace, resource).isPresent()) {
                return Grant.BUSY;
            }
            fabric.oracle().granted(lockspace, resource, fabric.everywhere(name));
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

    private SimDlmCall call(SimDlmCall call) {
        synchronized (fabric) {
            queue.add(call);
            next();
            return call;
        }
    }

    private void next() {
        while (alive && !queue.isEmpty() && !creating()) {
            begin(queue.remove());
        }
    }

    private boolean creating() {
        return lockspaces.values().stream()
                .map(lockspace -> Optional.ofNullable(lockspace.waiting))
                .anyMatch(call ->
                        call.filter(c -> c.question() == Uevent.Action.ONLINE).isPresent());
    }

    private void begin(SimDlmCall call) {
        LockspaceName name = call.lockspace();
        SimDlmLockspace lockspace = lockspaces.get(name);
        boolean create = call.question() == Uevent.Action.ONLINE;
        if (create == (lockspace != null)) {
            call.returned(create ? EEXIST : ENOENT);
            return;
        }
        if (lockspace == null) {
            lockspace = new SimDlmLockspace(name, number, boot, fabric.next());
            lockspaces.put(name, lockspace);
            emit(new Uevent(Uevent.Action.ADD, name));
        } else {
            lockspace.inRelease = true;
        }
        lockspace.waiting = call;
        call.at(SimDlmCall.Stage.UNANSWERED);
        emit(new Uevent(call.question(), name));
        answered(lockspace);
    }

    /** event_done was written, or had been: the bit is sticky. */
    void answered(SimDlmLockspace lockspace) {
        SimDlmCall call = lockspace.waiting;
        if (call == null || call.stage() != SimDlmCall.Stage.UNANSWERED || lockspace.eventDone.isEmpty()) {
            return;
        }
        int result = lockspace.eventDone.get();
        lockspace.eventDone = Optional.empty();
        if (call.question() == Uevent.Action.OFFLINE || result < 0) {
            lockspace.waiting = null;
            lockspaces.remove(lockspace.name);
            emit(new Uevent(Uevent.Action.REMOVE, lockspace.name));
            returns(call, call.question() == Uevent.Action.OFFLINE ? 0 : result);
        } else if (lockspace.recovered()) {
            lockspace.waiting = null;
            returns(call, 0);
        } else {
            call.at(SimDlmCall.Stage.RECOVERING);
        }
    }

    void returns(SimDlmCall call, int result) {
        call.returned(result);
        next();
    }

    void emit(Uevent uevent) {
        listeners.forEach(listener -> listener.offer(new UeventSignal.Received(uevent)));
    }

    void checkComm(SimDlmLockspace lockspace, NodeNumber member) {
        Optional<BootId> life = fabric.bootOf(member);
        if (!member.equals(number) && life.isPresent() && !life.get().equals(comms.get(member))) {
            fabric.oracle()
                    .violated("node " + number + " recovered " + lockspace.name + " with node " + member
                            + ", whose comm was made for another life: lock messages are lost");
        }
    }

    boolean alive() {
        return alive;
    }

    void died() {
        alive = false;
        lockspaces.clear();
        queue.clear();
    }
}
