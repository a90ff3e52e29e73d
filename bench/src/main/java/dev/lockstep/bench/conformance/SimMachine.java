// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import dev.lockstep.dlm.UnansweredDecision;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.sim.SimDlmCall;
import dev.lockstep.sim.SimDlmFabric;
import dev.lockstep.sim.SimDlmNode;
import dev.lockstep.uevent.UeventSignal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import reactor.core.scheduler.Schedulers;

/** A machine with the simulated kernel. All that happens has happened when a call returns: nothing is waited for. */
public final class SimMachine implements Machine {
    private final SimDlmNode node;
    private final KernelTree tree;
    private final DlmKernel kernel;
    private final List<String> datagrams = new ArrayList<>();
    private final List<UeventSignal> signals = new ArrayList<>();

    /** Which way the port takes. */
    public enum Port {
        /** The simulated kernel's own. */
        SIMULATED,
        /** The agent's adapter, on the simulated files. */
        ADAPTER
    }

    private SimMachine(SimDlmNode node, Port port) {
        this.node = node;
        tree = new SimTree(node.files());
        kernel = port == Port.SIMULATED ? node.kernel() : Adapter.on(tree, node.number(), this::unanswered);
        node.onDatagram(datagram -> datagrams.add(Datagrams.text(datagram)));
        node.openUevents(Schedulers.immediate()).signals().subscribe(signals::add);
    }

    /** {@return as many machines as the suite takes, prepared, on one network} */
    public static List<SimMachine> boot(Port port) throws IOException {
        SimDlmFabric fabric = new SimDlmFabric(0);
        List<SimMachine> machines = new ArrayList<>();
        for (int number = 1; number <= Suite.MACHINES; number++) {
            SimMachine machine = new SimMachine(fabric.boot(NodeNumber.of(number), new BootId(number, 1)), port);
            Suite.prepare(machine, number);
            machines.add(machine);
        }
        return machines;
    }

    private UnansweredDecision unanswered(Map<LockspaceName, Integer> ids) throws IOException {
        for (KernelLockspace each : node.kernel().read(true).lockspaces().values()) {
            if (each.unanswered().isPresent()) {
                return new UnansweredDecision.Waits(
                        each.name(), each.unanswered().get());
            }
        }
        return new UnansweredDecision.Nobody();
    }

    @Override
    public KernelTree tree() {
        return tree;
    }

    @Override
    public DlmKernel kernel() {
        return kernel;
    }

    @Override
    public LockspaceCall create(String name, boolean exclusive) {
        SimDlmCall call = node.create(name, exclusive);
        return () -> result(call);
    }

    @Override
    public LockspaceCall release(String name) {
        SimDlmCall call = node.release(new LockspaceName(name));
        return () -> result(call);
    }

    private static Optional<String> result(SimDlmCall call) {
        if (call.stage() != SimDlmCall.Stage.RETURNED) {
            return Optional.empty();
        }
        return Optional.of(call.succeeded() ? "ok" : new Errno(-call.result()).name());
    }

    @Override
    public List<String> datagrams() {
        return List.copyOf(datagrams);
    }

    @Override
    public List<UeventSignal> signals() {
        return List.copyOf(signals);
    }

    @Override
    public void settle() {}

    @Override
    public boolean await(BooleanSupplier happened) {
        return happened.getAsBoolean();
    }
}
