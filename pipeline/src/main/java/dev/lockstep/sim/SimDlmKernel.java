// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.uevent.Uevent;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * fs/dlm of one simulated node behind the port, with its manners: control=1 succeeds whatever happens, event_done is a
 * sticky bit, removing the comm of a member under a running lockspace panics. For any thread.
 */
public final class SimDlmKernel implements DlmKernel {

    /** Lets a mutation fail before it did anything. */
    @FunctionalInterface
    public interface Fault {
        /** {@return the failure; empty lets the mutation through} */
        Optional<Outcome> strike(Mutation mutation);
    }

    private final SimDlmFabric fabric;
    private final SimDlmNode node;
    private volatile Fault fault = mutation -> Optional.empty();

    SimDlmKernel(SimDlmFabric fabric, SimDlmNode node) {
        this.fabric = fabric;
        this.node = node;
    }

    /** Sets what befalls mutations from now on. */
    public void onMutations(Fault now) {
        fault = now;
    }

    @Override
    public Outcome apply(Mutation mutation) {
        Optional<Outcome> struck = fault.strike(mutation);
        if (struck.isPresent()) {
            return struck.get();
        }
        synchronized (fabric) {
            if (!node.alive()) {
                return gone("this node is dead");
            }
            return mutation instanceof Mutation.OfLockspace one ? applyTo(one) : applyComm(mutation);
        }
    }

    private Outcome applyComm(Mutation mutation) {
        if (mutation instanceof Mutation.AddComm add) {
            node.makeComm(add.node(), add.boot());
            fabric.settle();
        } else if (mutation instanceof Mutation.RemoveComm remove) {
            if (!node.removeComm(remove.node())) {
                return gone("panic");
            }
            fabric.settle();
        } else {
            throw new IllegalArgumentException("not for the kernel: " + mutation);
        }
        return Outcome.Done.DONE;
    }

    private Outcome applyTo(Mutation.OfLockspace mutation) {
        SimDlmLockspace lockspace = node.lockspaces.get(mutation.name());
        if (lockspace == null) {
            if (mutation instanceof Mutation.ForgetMembers) {
                // Members stand in configfs, which knows of no lockspaces.
                node.spaces.remove(mutation.name());
                return Outcome.Done.DONE;
            }
            return gone("there is no lockspace " + mutation.name());
        }
        Outcome outcome = Outcome.Done.DONE;
        if (mutation instanceof Mutation.Stop) {
            outcome = new Outcome.Done(lockspace.status);
            lockspace.stop();
        } else if (mutation instanceof Mutation.Start start) {
            start(lockspace, start);
        } else if (mutation instanceof Mutation.ForgetMembers) {
            if (lockspace.running) {
                node.violated("members of " + lockspace.name + " forgotten while it runs");
            }
            lockspace.configured.clear();
        } else if (mutation instanceof Mutation.Answer answer) {
            answer(lockspace, answer);
        }
        fabric.settle();
        return outcome;
    }

    private void start(SimDlmLockspace lockspace, Mutation.Start start) {
        lockspace.globalId = lockspace.name.globalId();
        lockspace.configured.keySet().retainAll(start.view().nodes());
        for (NodeNumber member : start.view().nodes()) {
            boolean isNew = start.renew().contains(member);
            lockspace.configured.merge(member, true, (was, made) -> was || isNew);
        }
        if (lockspace.running) {
            return; // "start ignored: lockspace running", and success
        }
        if (node.isJudged()) {
            fabric.oracle().starting(lockspace, start.epoch(), start.view(), fabric.judged(lockspace.name));
        }
        start.renew().forEach(member -> renewing(lockspace, member));
        lockspace.processed.keySet().stream()
                .filter(member -> !start.view().has(member))
                .forEach(member -> dropping(lockspace, member));
        lockspace.awaited.clear();
        for (NodeNumber member : start.view().nodes()) {
            takeIn(lockspace, member);
        }
        lockspace.epoch = start.epoch().value();
        lockspace.start(fabric.next());
        lockspace.processed.keySet().retainAll(lockspace.members);
    }

    /** A member that is taken out and in again loses what it holds, as far as this node is its master. */
    private void renewing(SimDlmLockspace lockspace, NodeNumber member) {
        fabric.on(member, lockspace.name)
                .filter(there -> there != lockspace && !there.held.isEmpty())
                .filter(fabric::judges)
                .filter(there -> Long.valueOf(there.incarnation).equals(lockspace.processed.get(member)))
                .filter(there -> !there.honouredIn.isEmpty() && there.honouredIn.equals(lockspace.honouredIn))
                .ifPresent(there -> node.violated("node " + node.number() + " renews node " + member + " in "
                        + lockspace.name + ", which never left: its locks are lost"));
    }

    /** A member that is gone while its comm stands has left, to the kernel: nobody replays its journal. */
    private void dropping(SimDlmLockspace lockspace, NodeNumber member) {
        Long incarnation = lockspace.processed.get(member);
        BootId comm = node.comms.get(member);
        if (incarnation != null && comm != null && fabric.diedHolding(incarnation, comm)) {
            node.violated("node " + node.number() + " starts " + lockspace.name + " without dead node " + member
                    + " and with its comm: its journal is not replayed");
        }
    }

    private void takeIn(SimDlmLockspace lockspace, NodeNumber member) {
        if (!member.equals(node.number()) && !node.comms.containsKey(member)) {
            node.violated("node " + node.number() + " starts " + lockspace.name + " without a comm for node " + member);
        }
        Optional<SimDlmLockspace> there = fabric.on(member, lockspace.name);
        if (there.isEmpty()) {
            return; // it died between its report and this start; what comes in its place is judged when it comes
        }
        long incarnation = there.get().incarnation;
        Long before = lockspace.processed.get(member);
        boolean cameBack = before != null && before != incarnation && fabric.judges(there.get());
        if (cameBack && !Boolean.TRUE.equals(lockspace.configured.get(member))) {
            if (there.get().epoch == 0) {
                // It left after it had stopped for this start, which waits for it, in vain if all goes well.
                lockspace.awaited.put(member, incarnation);
                return;
            }
            node.violated("node " + node.number() + " starts " + lockspace.name + " with node " + member
                    + ", which came back and was not renewed");
        }
        lockspace.processed.put(member, incarnation);
    }

    private void answer(SimDlmLockspace lockspace, Mutation.Answer answer) {
        SimDlmCall waiting = lockspace.waiting;
        boolean asked = waiting != null
                && waiting.stage() == SimDlmCall.Stage.UNANSWERED
                && waiting.question() == answer.question();
        if (!asked || lockspace.eventDone.isPresent()) {
            node.violated("node " + node.number() + " answers " + answer.question() + " of " + lockspace.name
                    + ", which nobody asked");
        }
        if (answer.question() == Uevent.Action.ONLINE && answer.result() == 0 && lockspace.epoch == 0) {
            node.violated("the create of " + lockspace.name + " is answered before the first start");
        }
        if (answer.question() == Uevent.Action.OFFLINE && lockspace.running) {
            node.violated("the release of " + lockspace.name + " is answered while it runs");
        }
        lockspace.eventDone = Optional.of(answer.result());
        node.calls().answered(lockspace);
    }

    @Override
    public Outcome answerUnusable(String directory, int result) {
        synchronized (fabric) {
            SimDlmLockspace lockspace = node.alive() ? node.lockspaces.get(new LockspaceName(directory)) : null;
            if (lockspace == null) {
                return gone("there is no lockspace " + directory);
            }
            lockspace.eventDone = Optional.of(result);
            node.calls().answered(lockspace);
            return Outcome.Done.DONE;
        }
    }

    @Override
    public KernelSnapshot read(boolean withUnanswered) throws IOException {
        synchronized (fabric) {
            SortedMap<LockspaceName, KernelLockspace> lockspaces = new TreeMap<>();
            node.lockspaces.values().forEach(each -> lockspaces.put(each.name, shown(each, withUnanswered)));
            return new KernelSnapshot(lockspaces, new TreeSet<>(node.comms.keySet()));
        }
    }

    @Override
    public Optional<KernelLockspace> read(LockspaceName name) throws IOException {
        synchronized (fabric) {
            return Optional.ofNullable(node.lockspaces.get(name)).map(each -> shown(each, false));
        }
    }

    private KernelLockspace shown(SimDlmLockspace lockspace, boolean withUnanswered) {
        SortedSet<NodeId> members = new TreeSet<>();
        lockspace.configured.keySet().forEach(n -> members.add(NodeId.of(n, fabric.nodeidOffset())));
        Optional<Uevent.Action> unanswered = Optional.ofNullable(lockspace.waiting)
                .filter(call -> withUnanswered && call.stage() == SimDlmCall.Stage.UNANSWERED)
                .map(SimDlmCall::question);
        return new KernelLockspace(
                lockspace.name, lockspace.globalId, lockspace.status, fabric.polledBy(lockspace), members, unanswered);
    }

    private static Outcome gone(String what) {
        return new Outcome.Failed("ENOENT", Outcome.ErrorClass.GONE, what);
    }
}
