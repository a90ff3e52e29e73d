// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.uevent.Uevent;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** One machine's fs/dlm for the length of one event. What must never be asked of it is a violation. */
final class DlmAtWork {
    final SortedMap<LockspaceName, Space> spaces;
    final SortedMap<NodeNumber, BootId> comms;

    DlmAtWork(Map<LockspaceName, Space> spaces, Map<NodeNumber, BootId> comms) {
        this.spaces = new TreeMap<>(spaces);
        this.comms = new TreeMap<>(comms);
    }

    KernelSnapshot snapshot() {
        SortedMap<LockspaceName, KernelLockspace> found = new TreeMap<>();
        spaces.forEach((name, space) -> {
            TreeSet<NodeId> members = new TreeSet<>();
            space.configured().nodes().forEach(n -> members.add(NodeId.of(n, 0)));
            int id = space.everStarted() ? name.globalId() : 0;
            found.put(name, new KernelLockspace(name, id, space.status(), 0, members, space.asks()));
        });
        return new KernelSnapshot(found, new TreeSet<>(comms.keySet()));
    }

    /**
     * {@return how it ended}
     *
     * @throws Violation if the kernel would panic, or was answered without having asked
     */
    Outcome apply(Mutation mutation) {
        if (mutation instanceof Mutation.RemoveComm remove) {
            NodeNumber peer = remove.node();
            if (spaces.values().stream()
                    .anyMatch(
                            s -> s.running() && (s.view().has(peer) || s.taken().has(peer)))) {
                throw new Violation("P7: panics, the comm of node " + peer + " removed under a running lockspace");
            }
            comms.remove(peer);
            return Outcome.Done.DONE;
        }
        if (mutation instanceof Mutation.AddComm add) {
            comms.put(add.node(), add.boot());
            return Outcome.Done.DONE;
        }
        LockspaceName name = mutation.lockspace().orElseThrow();
        Space space = spaces.get(name);
        if (space == null) {
            return new Outcome.Failed("ENOENT", Outcome.ErrorClass.GONE, "no such lockspace");
        }
        return ofSpace(name, space, mutation);
    }

    private Outcome ofSpace(LockspaceName name, Space space, Mutation mutation) {
        if (mutation instanceof Mutation.Stop) {
            spaces.put(name, space.stopped());
            return new Outcome.Done(space.status());
        }
        if (mutation instanceof Mutation.Start start) {
            if (!start.epoch().isAfter(space.epoch())) {
                throw new Violation("P6: " + name + " started under epoch " + start.epoch() + " after epoch "
                        + space.epoch() + " in the same kernel lockspace");
            }
            spaces.put(name, space.started(start.epoch(), start.view(), start.renew()));
        } else if (mutation instanceof Mutation.ForgetMembers) {
            spaces.put(name, space.forgotten());
        } else if (mutation instanceof Mutation.Answer answer) {
            answered(name, space, answer);
        }
        return Outcome.Done.DONE;
    }

    private void answered(LockspaceName name, Space space, Mutation.Answer answer) {
        if (!space.asks().equals(Optional.of(answer.question()))) {
            throw new Violation("P8: event_done for " + answer.question() + " of " + name + " while the kernel asks "
                    + space.asks());
        }
        boolean ends = answer.question() == Uevent.Action.OFFLINE || answer.result() < 0;
        if (ends && space.running()) {
            throw new Violation("P8: " + name + " released while it runs");
        }
        if (ends) {
            spaces.remove(name);
        } else {
            spaces.put(name, space.answered());
        }
    }
}
