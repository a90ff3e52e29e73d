// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.uevent.Uevent;
import dev.lockstep.uevent.UeventParser;
import dev.lockstep.uevent.UeventSignal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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

    private static final int ENOENT = -2;
    private static final int EEXIST = -17;
    private static final int EINVAL = -22;
    private static final int ENOTCONN = -107;

    final SortedMap<LockspaceName, SimDlmLockspace> lockspaces = new TreeMap<>();

    /** Which boot of each peer the comm was made for. */
    final SortedMap<NodeNumber, BootId> comms = new TreeMap<>();

    private final SimDlmFabric fabric;
    private final NodeNumber number;
    private final BootId boot;
    private final Deque<SimDlmCall> queue = new ArrayDeque<>();
    private final Set<SimUeventSource> listeners = new HashSet<>();
    private final SimUeventText datagrams = new SimUeventText();

    /** Once the node is driven by its files, they also tell whether there is an address to bind to. */
    private @Nullable SimDlmConfig config;

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

    /** {@return sysfs and configfs, with nothing set up yet; once for each node, and instead of {@link #kernel}} */
    public SimDlmFiles files() {
        synchronized (fabric) {
            return new SimDlmFiles(fabric, this);
        }
    }

    void comesWithFiles(SimDlmConfig files) {
        config = files;
    }

    /**
     * Shows every datagram from now on as the kernel would send it.
     *
     * @param listener takes each, under the fabric's monitor: it must only keep it
     */
    public void onDatagram(Consumer<byte[]> listener) {
        synchronized (fabric) {
            datagrams.listen(listener);
        }
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
        return call(new SimDlmCall(name, Uevent.Action.ONLINE, exclusive));
    }

    /** A program releases a lockspace, with force: locks it holds are dropped when the agent has answered. */
    public SimDlmCall release(LockspaceName name) {
        return call(new SimDlmCall(name.value(), Uevent.Action.OFFLINE, false));
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
        while (alive && !queue.isEmpty() && !mutexIsHeld()) {
            SimDlmCall call = queue.remove();
            if (call.question() == Uevent.Action.ONLINE) {
                beginCreate(call);
            } else {
                beginRelease(call);
            }
        }
    }

    private boolean mutexIsHeld() {
        return lockspaces.values().stream().anyMatch(lockspace -> lockspace.waiting != null);
    }

    private void beginCreate(SimDlmCall call) {
        if (call.given().isEmpty() || call.given().length() > LockspaceName.MAX_BYTES) {
            call.returned(EINVAL);
            return;
        }
        if (lockspaces.isEmpty() && config != null && !config.hasLocalAddress()) {
            call.returned(ENOTCONN);
            return;
        }
        LockspaceName name = call.lockspace();
        SimDlmLockspace there = lockspaces.get(name);
        if (there != null) {
            there.users += call.exclusive() ? 0 : 1;
            call.returned(call.exclusive() ? EEXIST : 0);
            return;
        }
        SimDlmLockspace born = new SimDlmLockspace(name, call.given(), number, boot, fabric.next());
        lockspaces.put(name, born);
        emit(Uevent.Action.ADD, born);
        ask(call, born);
    }

    private void beginRelease(SimDlmCall call) {
        SimDlmLockspace lockspace = lockspaces.get(call.lockspace());
        if (lockspace == null) {
            call.returned(ENOENT);
        } else if (lockspace.users > 1) {
            lockspace.users--;
            call.returned(0);
        } else {
            lockspace.inRelease = true;
            emitDevice(Uevent.Action.REMOVE, lockspace);
            ask(call, lockspace);
        }
    }

    private void ask(SimDlmCall call, SimDlmLockspace lockspace) {
        lockspace.waiting = call;
        call.at(SimDlmCall.Stage.UNANSWERED);
        emit(call.question(), lockspace);
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
        if (call.question() == Uevent.Action.OFFLINE) {
            call.at(SimDlmCall.Stage.CLOSING);
            closeTransport();
        } else if (result < 0) {
            end(lockspace, call, result);
        } else if (lockspace.recovered()) {
            joined(lockspace, call);
        } else {
            call.at(SimDlmCall.Stage.RECOVERING);
        }
    }

    /**
     * Lets an answered release end. That of the last lockspace closes the transport first: each peer that has this node
     * as a member must have started without it, be on its own way out, or lose its comm. A real kernel gives up after
     * three minutes; here a dead peer is not waited for at all.
     *
     * @return whether one ended
     */
    boolean closeTransport() {
        for (SimDlmLockspace each : lockspaces.values()) {
            SimDlmCall call = each.waiting;
            if (call != null && call.stage() == SimDlmCall.Stage.CLOSING) {
                if (lockspaces.size() == 1 && comms.keySet().stream().anyMatch(peer -> fabric.keeps(peer, number))) {
                    return false;
                }
                end(each, call, 0);
                return true;
            }
        }
        return false;
    }

    /** {@return whether it keeps that node as a member, and is not leaving for good itself} */
    boolean keeps(NodeNumber peer) {
        boolean leaving = lockspaces.size() == 1
                && lockspaces.values().stream()
                        .map(lockspace -> Optional.ofNullable(lockspace.waiting))
                        .anyMatch(call -> call.filter(c -> c.stage() == SimDlmCall.Stage.CLOSING)
                                .isPresent());
        return !leaving && lockspaces.values().stream().anyMatch(lockspace -> lockspace.members.contains(peer));
    }

    private void end(SimDlmLockspace lockspace, SimDlmCall call, int result) {
        lockspace.waiting = null;
        lockspaces.remove(lockspace.name);
        emit(Uevent.Action.REMOVE, lockspace);
        returns(call, result);
    }

    /** The first recovery is over: the create returns. */
    void joined(SimDlmLockspace lockspace, SimDlmCall call) {
        lockspace.waiting = null;
        emitDevice(Uevent.Action.ADD, lockspace);
        returns(call, 0);
    }

    private void returns(SimDlmCall call, int result) {
        call.returned(result);
        next();
    }

    private void emit(Uevent.Action action, SimDlmLockspace lockspace) {
        boolean usable = lockspace.given.equals(lockspace.name.value());
        if (usable && !datagrams.isHeard()) {
            UeventSignal signal = new UeventSignal.Received(new Uevent(action, lockspace.name));
            listeners.forEach(listener -> listener.offer(signal));
            return;
        }
        byte[] datagram = datagrams.ofLockspace(action, lockspace.given);
        UeventParser.parse(datagram, datagram.length)
                .ifPresent(signal -> listeners.forEach(listener -> listener.offer(signal)));
        datagrams.send(datagram);
    }

    private void emitDevice(Uevent.Action action, SimDlmLockspace lockspace) {
        if (datagrams.isHeard()) {
            datagrams.send(datagrams.ofDevice(action, lockspace.given));
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
                fabric.oracle()
                        .violated("node " + number + " removes the comm of node " + peer + " while " + each.name
                                + " runs with it: kernel panic");
                fabric.crash(number);
                return false;
            }
        }
        comms.remove(peer);
        return true;
    }

    /** {@return whether its transport listens, which it does while there is a lockspace} */
    boolean listens() {
        return !lockspaces.isEmpty();
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
