// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.config.Settings;
import dev.lockstep.control.ControlServer;
import dev.lockstep.control.FenceAcks;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.dlm.ConfigfsDlmKernel;
import dev.lockstep.dlm.DlmPaths;
import dev.lockstep.dlm.DlmSetup;
import dev.lockstep.dlm.NodeTable;
import dev.lockstep.dlm.ProcUnansweredReader;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.exit.ExitCode;
import dev.lockstep.fence.SelfReset;
import dev.lockstep.flow.FlowSchedulers;
import dev.lockstep.flow.FlowSettings;
import dev.lockstep.flow.NodePipeline;
import dev.lockstep.flow.NodePorts;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.kernelfs.Modprobe;
import dev.lockstep.kernelfs.NativeKernelTree;
import dev.lockstep.kernelfs.Processes;
import dev.lockstep.links.LinkProbes;
import dev.lockstep.nativeio.BootTime;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.nativeio.IoFlusher;
import dev.lockstep.nativeio.KernelLog;
import dev.lockstep.nativeio.LockedMemory;
import dev.lockstep.o2cb.SetUpOtherwise;
import dev.lockstep.plock.PlockResponder;
import dev.lockstep.port.BootClock;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.port.Fence;
import dev.lockstep.port.WakeUps;
import dev.lockstep.region.DeviceProbes;
import dev.lockstep.region.VolumeSearch;
import dev.lockstep.runtime.AgentLock;
import dev.lockstep.runtime.BootIdSource;
import dev.lockstep.runtime.FileMemoryStore;
import dev.lockstep.runtime.ServiceNotifier;
import dev.lockstep.uevents.NetlinkUeventSource;
import dev.lockstep.wakeups.UdpWakeUps;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/**
 * The node agent: every adapter of this machine wired to one pipeline, by hand and in the order of a restart. First the
 * lock that tells that no thread of a predecessor is left, then the uevent socket, then the kernel; the pipeline reads
 * boards and the own report. SIGTERM ends the agent and leaves heartbeat and lockspaces as they are.
 */
public final class NodeAgent implements AgentRunner {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);

    /** Uevents that wait for the core at most; more become one re-read. */
    private static final int UEVENT_QUEUE = 65_536;

    /** A device that takes longer has no path, and is looked at again. */
    private static final Duration LONGEST_PROBE = Duration.ofSeconds(10);

    private static final List<Path> PLOCK_DEVICES = List.of(Path.of("/dev/dlm_plock"), Path.of("/dev/misc/dlm_plock"));

    /** Not released at the end: a thread that hangs in the kernel may be left, and the kernel frees it after that. */
    private static @Nullable AgentLock heldForLife;

    private final BootClock clock = new BootTime();

    @Override
    public int run(Settings settings, boolean dryRun) throws IOException {
        if (settings.heartbeat() != Settings.Heartbeat.KERNEL) {
            LOG.error("heartbeat = agent is built for the demo only: without a watchdog its silence proves nothing."
                    + " Set heartbeat = kernel");
            return ExitCode.UNAVAILABLE.status();
        }
        ServiceNotifier notifier =
                ServiceNotifier.of(System.getenv(), ProcessHandle.current().pid());
        try {
            return dryRun ? serve(settings, notifier, true) : serveAlone(settings, notifier);
        } catch (NumberInUse | SetUpOtherwise e) {
            LOG.error("{}", e.getMessage());
            return ExitCode.CONFIG.status();
        }
    }

    private int serveAlone(Settings settings, ServiceNotifier notifier) throws IOException, NumberInUse {
        stayInMemory();
        heldForLife = FormerAgent.awaitEnd(
                settings.paths().runtime(), missing -> tellWait(notifier, missing), () -> Pause.ofMillis(200));
        LOG.debug("alone: {}", heldForLife);
        Files.createDirectories(settings.paths().state()); // if it cannot be there, say so at once
        return serve(settings, notifier, false);
    }

    private static void tellWait(ServiceNotifier notifier, String missing) {
        notifier.status("waiting: " + missing);
    }

    private static void stayInMemory() {
        try {
            LockedMemory.keepTouched();
        } catch (IOException e) {
            LOG.warn(
                    "Where memory is short, this agent may wait for the disk that its program is on: {}",
                    e.getMessage());
        }
        try {
            IoFlusher.beFromHereOn();
        } catch (IOException e) {
            LOG.warn(
                    "Where memory is short, this agent may wait for a file system that waits for this agent: {}",
                    e.getMessage());
        }
    }

    private int serve(Settings settings, ServiceNotifier notifier, boolean dryRun) throws IOException, NumberInUse {
        VirtualMachine.ofThisMachine().warn(settings);
        long startedNs = clock.nowNs();
        BootId boot = BootIdSource.read(BootIdSource.KERNEL);
        ClusterFacts facts = AgentFacts.core(settings, boot);
        NodeTable nodes = AgentFacts.dlmNodes(settings);
        notifier.status("setting up");
        FileMemoryStore memory =
                new FileMemoryStore(settings.paths().runtime(), settings.paths().state(), boot);
        KernelHeartbeat o2cb = new O2cbHeartbeat(settings);
        KernelHeartbeat heartbeat = dryRun ? new DryRun.Heartbeat(o2cb) : o2cb;
        heartbeat.check();
        DeviceProbes devices = new DeviceProbes(LONGEST_PROBE);
        try (NetlinkUeventSource uevents =
                        NetlinkUeventSource.open(NetlinkUeventSource.RECEIVE_BUFFER_BYTES, UEVENT_QUEUE);
                Regions regions = new Regions(settings, heartbeat, watch(settings), devices, dryRun)) {
            List<RegionChange.Attached> atStart = dryRun
                    ? setUp(settings, regions, heartbeat, nodes, true)
                    : new Readiness(clock, Pause::of, missing -> tellWait(notifier, missing))
                            .await(() -> setUp(settings, regions, heartbeat, nodes, false));
            DlmKernel kernel = kernel(settings, nodes, memory, dryRun);
            FlowSchedulers schedulers = FlowSchedulers.threads("lockstep");
            try (NetworkHints hints = NetworkHints.open(settings, dryRun)) {
                NodePorts ports = new NodePorts(
                        atStart,
                        regions.changes(),
                        uevents,
                        kernel,
                        hints.wakeUps(),
                        fence(settings, dryRun),
                        dryRun ? new DryRun.Memory(memory) : memory,
                        new EventLines(),
                        clock);
                NodePipeline pipeline = new NodePipeline(facts, ports, schedulers, FlowSettings.DEFAULT);
                StatusView view = new StatusView(
                        settings,
                        pipeline.state(),
                        regions::device,
                        pipeline.ueventTally(),
                        hints.ignored(),
                        startedNs);
                Runnable volumes = volumes(settings, heartbeat, devices, regions, pipeline);
                try (LinkProbes probes = probes(settings, pipeline, dryRun)) {
                    LOG.debug("{}", probes);
                    return run(settings, pipeline, regions, volumes, view, notifier, dryRun);
                }
            } finally {
                schedulers.releaseAll();
            }
        }
    }

    /** The regions first, at each try anew: a number that is in use must leave no trace, here and on the disks. */
    private static List<RegionChange.Attached> setUp(
            Settings settings, Regions regions, KernelHeartbeat heartbeat, NodeTable nodes, boolean dryRun)
            throws IOException, NumberInUse {
        List<RegionChange.Attached> atStart = regions.atStart();
        heartbeat.register();
        if (dryRun) {
            dlmSetup().plan(AgentFacts.dlm(settings), nodes.own()).forEach(DryRun::would);
        } else {
            dlmSetup().prepare(AgentFacts.dlm(settings), nodes.own());
        }
        return atStart;
    }

    private int run(
            Settings settings,
            NodePipeline pipeline,
            Regions regions,
            Runnable volumes,
            StatusView view,
            ServiceNotifier notifier,
            boolean dryRun)
            throws IOException {
        ShutdownSignals signals = ShutdownSignals.install();
        Unhandled unhandled = new Unhandled(signals::stop);
        Thread.setDefaultUncaughtExceptionHandler(unhandled);
        Disposable running = pipeline.start(unhandled::happened);
        try {
            regions.watch(volumes);
            if (dryRun) {
                signals.awaitAtMost(settings.heartbeatPeriod().multipliedBy(4));
                return status(unhandled);
            }
            try (ControlServer control = ControlServer.start(
                            settings.paths().controlSocket(), view, acks(pipeline, settings), clock);
                    PlockResponder plocks = PlockResponder.start(PLOCK_DEVICES, lockspaceName(pipeline))) {
                LOG.debug("serving {} and {}", control, plocks);
                notifier.ready("watching " + regions.count() + " regions");
                OwnClasses.loadBehind();
                new Liveness(
                                notifier::alive,
                                pipeline.state(),
                                clock,
                                settings.paths().state())
                        .untilStopped(signals::awaitAtMost, notifier.watchdogTimeout());
                notifier.stopping();
            }
            return status(unhandled);
        } finally {
            running.dispose();
        }
    }

    private static int status(Unhandled unhandled) {
        return (unhandled.any() ? ExitCode.SOFTWARE : ExitCode.OK).status();
    }

    private LinkProbes probes(Settings settings, NodePipeline pipeline, boolean dryRun) {
        return LinkProbes.start(
                settings.probeLinks() && !dryRun ? AgentFacts.probedPeers(settings) : Map.of(),
                settings.heartbeatPeriod(),
                (peer, answered) -> pipeline.tell(new Evidence.PeerProbed(clock.nowNs(), peer, answered)));
    }

    private static IntFunction<Optional<String>> lockspaceName(NodePipeline pipeline) {
        return id -> pipeline.state().get().lockspaces().keySet().stream()
                .filter(name -> name.globalId() == id)
                .map(LockspaceName::toString)
                .findFirst();
    }

    private static FenceAcks acks(NodePipeline pipeline, Settings settings) {
        return (node, boot) -> {
            if (settings.node(node).isEmpty() || node.equals(settings.self().number())) {
                return Optional.of("node " + node + " is no peer of this node");
            }
            pipeline.tell(new Evidence.FenceAcknowledged(new BootTime().nowNs(), node, boot));
            return Optional.empty();
        };
    }

    /** Where nothing may be started, a lockspace that waits for its volume's region is refused at once. */
    private Runnable volumes(
            Settings settings,
            KernelHeartbeat heartbeat,
            DeviceProbes devices,
            Regions regions,
            NodePipeline pipeline) {
        return new VolumeHeartbeats(
                settings.o2cb().setup() ? heartbeat : new NoStart(heartbeat),
                new VolumeSearch(Path.of("/sys/class/block"), Path.of("/dev"), Caching.DIRECT, devices),
                watch(settings),
                regions,
                pipeline.state(),
                pipeline::tell,
                clock,
                work -> Regions.onThread("lockstep-volume", work))::look;
    }

    private NumberWatch watch(Settings settings) {
        return new NumberWatch(settings.self().number(), settings.heartbeatPeriod(), clock, Pause::of);
    }

    private static DlmSetup dlmSetup() {
        return new DlmSetup(
                new NativeKernelTree(),
                DlmPaths.SYSTEM,
                new Modprobe(),
                new Processes(Path.of("/proc")),
                KernelLog::read);
    }

    private static DlmKernel kernel(Settings settings, NodeTable nodes, FileMemoryStore memory, boolean dryRun) {
        DlmKernel kernel = new ConfigfsDlmKernel(
                new NativeKernelTree(),
                DlmPaths.SYSTEM,
                nodes,
                name -> AgentFacts.lockspace(settings, name),
                new ProcUnansweredReader(
                        new Processes(Path.of("/proc")),
                        List.of(Path.of("/dev"), Path.of("/dev/misc")),
                        KernelLog::read,
                        memory::ofThisBoot),
                SelfReset.ofThisMachine()::reset);
        return dryRun ? new DryRun.Kernel(kernel) : kernel;
    }

    private static Fence fence(Settings settings, boolean dryRun) {
        if (dryRun || settings.fence() == Settings.Fence.MANUAL) {
            return why -> {
                LOG.error("this node must be reset: {}", why);
                return new Outcome.Failed("EPERM", Outcome.ErrorClass.LASTING, "left to the administrator");
            };
        }
        SelfReset reset = SelfReset.ofThisMachine();
        return settings.fence() == Settings.Fence.SELF
                ? why -> CommandFence.bySelf(reset, why)
                : new CommandFence(settings, reset);
    }

    /** Wake-ups, or silence where they are off: boards are polled all the same. */
    private record NetworkHints(WakeUps wakeUps, LongSupplier ignored, Runnable closing) implements AutoCloseable {
        static NetworkHints open(Settings settings, boolean dryRun) {
            if (!settings.wakeUps().enabled() || dryRun) {
                return new NetworkHints(new NoWakeUps(), () -> 0, () -> {});
            }
            InetSocketAddress local = new InetSocketAddress(
                    settings.wakeUps().bind(), settings.wakeUps().port());
            Map<NodeNumber, InetSocketAddress> peers = AgentFacts.wakeUpPeers(settings);
            LateWakeUps udp = new LateWakeUps(() -> UdpWakeUps.bind(local, peers)).start();
            return new NetworkHints(udp, udp::ignored, udp::close);
        }

        @Override
        public void close() {
            closing.run();
        }
    }
}
