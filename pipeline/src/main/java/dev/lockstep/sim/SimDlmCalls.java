// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.uevent.Uevent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The creates and releases of one simulated node, one at a time. Guarded by the fabric's monitor. */
final class SimDlmCalls {
    private static final int ENOENT = -2;
    private static final int EEXIST = -17;
    private static final int EINVAL = -22;
    private static final int ENOTCONN = -107;

    private final SimDlmFabric fabric;
    private final SimDlmNode node;
    private final SimUevents uevents;
    private final Deque<SimDlmCall> queue = new ArrayDeque<>();

    /** Once the node is driven by its files, they also tell whether there is an address to bind to. */
    private @Nullable SimDlmConfig config;

    SimDlmCalls(SimDlmFabric fabric, SimDlmNode node, SimUevents uevents) {
        this.fabric = fabric;
        this.node = node;
        this.uevents = uevents;
    }

    void comesWithFiles(SimDlmConfig files) {
        config = files;
    }

    /** The kernel is gone, and nobody's call returns. */
    void forget() {
        queue.clear();
    }

    SimDlmCall call(SimDlmCall call) {
        synchronized (fabric) {
            queue.add(call);
            next();
            return call;
        }
    }

    private void next() {
        while (node.alive() && !queue.isEmpty() && !mutexIsHeld()) {
            SimDlmCall call = queue.remove();
            if (call.question() == Uevent.Action.ONLINE) {
                beginCreate(call);
            } else {
                beginRelease(call);
            }
        }
    }

    private boolean mutexIsHeld() {
        return node.lockspaces.values().stream().anyMatch(lockspace -> lockspace.waiting != null);
    }

    private void beginCreate(SimDlmCall call) {
        if (call.given().isEmpty() || call.given().length() > LockspaceName.MAX_BYTES) {
            call.returned(EINVAL);
            return;
        }
        if (node.lockspaces.isEmpty() && config != null && !config.hasLocalAddress()) {
            call.returned(ENOTCONN);
            return;
        }
        LockspaceName name = call.lockspace();
        SimDlmLockspace there = node.lockspaces.get(name);
        if (there != null) {
            there.users += call.exclusive() ? 0 : 1;
            call.returned(call.exclusive() ? EEXIST : 0);
            return;
        }
        SortedMap<NodeNumber, Boolean> configured = node.spaces.computeIfAbsent(name, any -> new TreeMap<>());
        SimDlmLockspace born =
                new SimDlmLockspace(name, call.given(), node.number(), node.boot(), fabric.next(), configured);
        node.lockspaces.put(name, born);
        uevents.ofLockspace(Uevent.Action.ADD, born);
        ask(call, born);
    }

    private void beginRelease(SimDlmCall call) {
        SimDlmLockspace lockspace = node.lockspaces.get(call.lockspace());
        if (lockspace == null) {
            call.returned(ENOENT);
        } else if (lockspace.users > 1) {
            lockspace.users--;
            call.returned(0);
        } else {
            lockspace.inRelease = true;
            uevents.ofDevice(Uevent.Action.REMOVE, lockspace);
            ask(call, lockspace);
        }
    }

    private void ask(SimDlmCall call, SimDlmLockspace lockspace) {
        lockspace.waiting = call;
        call.at(SimDlmCall.Stage.UNANSWERED);
        uevents.ofLockspace(call.question(), lockspace);
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
        for (SimDlmLockspace each : node.lockspaces.values()) {
            SimDlmCall call = each.waiting;
            if (call != null && call.stage() == SimDlmCall.Stage.CLOSING) {
                if (node.lockspaces.size() == 1
                        && node.comms.keySet().stream().anyMatch(peer -> fabric.keeps(peer, node.number()))) {
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
        boolean leaving = node.lockspaces.size() == 1
                && node.lockspaces.values().stream()
                        .map(lockspace -> Optional.ofNullable(lockspace.waiting))
                        .anyMatch(call -> call.filter(c -> c.stage() == SimDlmCall.Stage.CLOSING)
                                .isPresent());
        return !leaving && node.lockspaces.values().stream().anyMatch(lockspace -> lockspace.members.contains(peer));
    }

    private void end(SimDlmLockspace lockspace, SimDlmCall call, int result) {
        lockspace.waiting = null;
        node.lockspaces.remove(lockspace.name);
        uevents.ofLockspace(Uevent.Action.REMOVE, lockspace);
        returns(call, result);
    }

    /** The first recovery is over: the create returns. */
    void joined(SimDlmLockspace lockspace, SimDlmCall call) {
        lockspace.waiting = null;
        uevents.ofDevice(Uevent.Action.ADD, lockspace);
        returns(call, 0);
    }

    private void returns(SimDlmCall call, int result) {
        call.returned(result);
        next();
    }
}
