// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.kernelfs.SetupRefused;
import dev.lockstep.nativeio.NativeFailure;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.uevent.Uevent;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * fs/dlm through sysfs and configfs. Mutations of different lockspaces and readings may run side by side; each blocks
 * as long as the kernel does. {@link DlmSetup} must have run.
 *
 * <p>Each mutation may be given again after it failed half-way: all but {@code control} and {@code event_done} are
 * written as a difference to what is there.
 */
public final class ConfigfsDlmKernel implements DlmKernel {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigfsDlmKernel.class);
    private static final String UNDECIDED = "a task waits for an answer, and it cannot be told to what: ";

    /** How often to look again where a task waits and it cannot be told for what. */
    private static final int READ_AGAIN = 2;

    /** How many readings in a row fail for it, and are made again after a pause, before one goes on without knowing. */
    private static final int MOST_UNDECIDED = 5;

    private final LockspaceFiles lockspaces;
    private final SpaceMembers members;
    private final Comms comms;
    private final NodeTable nodes;
    private final Function<LockspaceName, LockspaceSettings> settings;
    private final UnansweredReader unanswered;
    private final Function<Mutation.ResetNode, Outcome> reset;

    /** Started here and not stopped since: a recovery that waits for a peer shows the status 0 of a stopped one. */
    private final Set<LockspaceName> started = ConcurrentHashMap.newKeySet();

    private final AtomicInteger undecided = new AtomicInteger();

    /**
     * @param tree how files are reached
     * @param paths where they are
     * @param nodes the configured nodes
     * @param settings what is configured for a lockspace
     * @param unanswered finds out which uevent waits
     * @param reset resets the machine; returns only if it failed
     */
    public ConfigfsDlmKernel(
            KernelTree tree,
            DlmPaths paths,
            NodeTable nodes,
            Function<LockspaceName, LockspaceSettings> settings,
            UnansweredReader unanswered,
            Function<Mutation.ResetNode, Outcome> reset) {
        this.lockspaces = new LockspaceFiles(tree, paths);
        this.members = new SpaceMembers(tree, paths);
        this.comms = new Comms(tree, paths);
        this.nodes = nodes;
        this.settings = settings;
        this.unanswered = unanswered;
        this.reset = reset;
    }

    @Override
    public Outcome apply(Mutation mutation) {
        if (mutation instanceof Mutation.ResetNode resetNode) {
            return reset.apply(resetNode);
        }
        try {
            if (mutation instanceof Mutation.Stop stop) {
                int statusBefore = lockspaces.recoverStatus(stop.name());
                lockspaces.stop(stop.name());
                started.remove(stop.name());
                return new Outcome.Done(statusBefore);
            }
            execute(mutation);
            return Outcome.Done.DONE;
        } catch (NativeFailure e) {
            return new Outcome.Failed(e.errno().name(), classOf(e, mutation), message(e));
        } catch (SetupRefused e) {
            return new Outcome.Failed("EINVAL", Outcome.ErrorClass.LASTING, message(e));
        } catch (IOException e) {
            return new Outcome.Failed("EIO", Outcome.ErrorClass.AGAIN_LATER, message(e));
        }
    }

    @Override
    public Outcome answerUnusable(String directory, int result) {
        try {
            lockspaces.answer(directory, result);
            return Outcome.Done.DONE;
        } catch (NativeFailure e) {
            return new Outcome.Failed(e.errno().name(), e.errno().errorClass(), message(e));
        }
    }

    private void execute(Mutation mutation) throws IOException {
        if (mutation instanceof Mutation.Start start) {
            start(start);
        } else if (mutation instanceof Mutation.ForgetMembers forget) {
            members.forget(forget.name());
        } else if (mutation instanceof Mutation.Answer answer) {
            lockspaces.answer(answer.name(), answer.result());
        } else if (mutation instanceof Mutation.AddComm add) {
            comms.add(peer(add.node()));
        } else if (mutation instanceof Mutation.RemoveComm remove) {
            removeComm(peer(remove.node()).nodeid());
        } else {
            throw new IllegalArgumentException("no way to apply " + mutation);
        }
    }

    private void start(Mutation.Start start) throws IOException {
        LockspaceSettings of = settings.apply(start.name());
        SortedMap<NodeId, Integer> wanted = new TreeMap<>();
        for (NodeNumber node : start.view().nodes()) {
            wanted.put(configured(node).nodeid(), of.weight(node));
        }
        SortedSet<NodeId> renew = new TreeSet<>();
        for (NodeNumber node : start.renew()) {
            renew.add(configured(node).nodeid());
        }
        lockspaces.identify(start.name());
        if (of.nodir()) {
            lockspaces.withoutDirectory(start.name());
        }
        members.become(start.name(), wanted, renew);
        started.add(start.name());
        lockspaces.start(start.name());
    }

    /** The plan allows this only when no lockspace with the node runs; a wrong plan must not panic the kernel. */
    private void removeComm(NodeId node) throws IOException {
        for (String text : lockspaces.names()) {
            LockspaceName name = new LockspaceName(text);
            if (members.read(name).contains(node) && isRunning(name)) {
                throw new SetupRefused("comms/" + node + " stays: lockspace " + name
                        + " has the node and runs, and the kernel would panic");
            }
        }
        comms.remove(node);
    }

    private boolean isRunning(LockspaceName name) throws IOException {
        try {
            return lockspaces.recoverStatus(name) != 0 || started.contains(name);
        } catch (NativeFailure e) {
            if (isGone(e)) {
                return false;
            }
            throw e;
        }
    }

    private DlmNode configured(NodeNumber node) throws SetupRefused {
        return nodes.node(node).orElseThrow(() -> new SetupRefused("node " + node + " is not configured here"));
    }

    private DlmNode peer(NodeNumber node) throws SetupRefused {
        if (node.equals(nodes.own().number())) {
            throw new SetupRefused("node " + node + " is this node: its comm stays as long as fs/dlm is used");
        }
        return configured(node);
    }

    private static boolean isGone(NativeFailure e) {
        return e.errno().errorClass() == Outcome.ErrorClass.GONE;
    }

    private Outcome.ErrorClass classOf(NativeFailure e, Mutation mutation) {
        Outcome.ErrorClass plain = e.errno().errorClass();
        if (plain == Outcome.ErrorClass.GONE
                && mutation.lockspace().map(this::isThere).orElse(true)) {
            // The lockspace is there, so what is missing is fs/dlm's own set-up.
            return Outcome.ErrorClass.LASTING;
        }
        return plain;
    }

    private boolean isThere(LockspaceName name) {
        try {
            lockspaces.globalId(name);
            return true;
        } catch (NativeFailure e) {
            return !isGone(e);
        } catch (IOException e) {
            return true;
        }
    }

    private static String message(IOException e) {
        return String.valueOf(e.getMessage());
    }

    @Override
    public KernelSnapshot read(boolean withUnanswered) throws IOException {
        SortedMap<LockspaceName, KernelLockspace> all = readLockspaces();
        if (withUnanswered && !all.isEmpty()) {
            UnansweredDecision decision = unanswered.decide(ids(all));
            for (int again = 0; again < READ_AGAIN && decision instanceof UnansweredDecision.Undecidable; again++) {
                // What waits may have begun to after the lockspaces were listed.
                all = readLockspaces();
                decision = unanswered.decide(ids(all));
            }
            if (decision instanceof UnansweredDecision.Undecidable undecidable
                    && undecided.incrementAndGet() <= MOST_UNDECIDED) {
                // Taken for nobody's, it would never be looked for again, and the task waits for ever.
                throw new IOException(UNDECIDED + undecidable.why());
            }
            undecided.set(0);
            if (decision instanceof UnansweredDecision.Waits waits) {
                all.computeIfPresent(waits.lockspace(), (name, read) -> with(read, waits.question()));
            } else if (decision instanceof UnansweredDecision.Undecidable undecidable) {
                LOG.error("{}{}", UNDECIDED, undecidable.why());
            }
        }
        TreeSet<NodeNumber> peers = new TreeSet<>();
        for (NodeId nodeid : comms.complete()) {
            nodes.node(nodeid)
                    .map(DlmNode::number)
                    .filter(number -> !number.equals(nodes.own().number()))
                    .ifPresent(peers::add);
        }
        return new KernelSnapshot(all, peers);
    }

    private SortedMap<LockspaceName, KernelLockspace> readLockspaces() throws IOException {
        SortedMap<LockspaceName, KernelLockspace> all = new TreeMap<>();
        for (String text : lockspaces.names()) {
            LockspaceName name = new LockspaceName(text);
            read(name).ifPresent(lockspace -> all.put(name, lockspace));
        }
        return all;
    }

    private static Map<LockspaceName, Integer> ids(Map<LockspaceName, KernelLockspace> lockspaces) {
        Map<LockspaceName, Integer> ids = new TreeMap<>();
        lockspaces.forEach((name, lockspace) -> ids.put(name, lockspace.globalId()));
        return ids;
    }

    @Override
    public Optional<KernelLockspace> read(LockspaceName name) throws IOException {
        try {
            return Optional.of(new KernelLockspace(
                    name,
                    lockspaces.globalId(name),
                    lockspaces.recoverStatus(name),
                    lockspaces.recoverNodeid(name),
                    members.read(name),
                    Optional.empty()));
        } catch (NativeFailure e) {
            if (isGone(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static KernelLockspace with(KernelLockspace read, Uevent.Action question) {
        return new KernelLockspace(
                read.name(),
                read.globalId(),
                read.recoverStatus(),
                read.recoverNodeid(),
                read.members(),
                Optional.of(question));
    }
}
