// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.config.Settings;
import dev.lockstep.config.SettingsLoader;
import dev.lockstep.config.Sources;
import dev.lockstep.control.ControlClient;
import dev.lockstep.control.ControlServer;
import dev.lockstep.control.Request;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.event.LogEvent;
import dev.lockstep.flow.FlowSchedulers;
import dev.lockstep.flow.FlowSettings;
import dev.lockstep.flow.HeartbeatWriter;
import dev.lockstep.flow.NodePipeline;
import dev.lockstep.flow.NodePorts;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.port.MemoryStore;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.port.UeventSource;
import dev.lockstep.region.DirectRegionDevice;
import dev.lockstep.sim.SimDlmCall;
import dev.lockstep.sim.SimDlmFabric;
import dev.lockstep.sim.SimDlmKernel;
import dev.lockstep.sim.SimDlmNode;
import dev.lockstep.uevent.UeventParser;
import dev.lockstep.uevent.UeventSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** One node of a {@link FileCluster}: settings from a file, heartbeats, kernel, agent and control socket. */
final class FileNode implements AutoCloseable {
    final List<LogEvent> log = new ArrayList<>();
    private final SimDlmNode kernel;
    private final List<Disposable> heartbeats = new ArrayList<>();
    private final Sinks.Many<UeventSignal> injected = Sinks.many().unicast().onBackpressureBuffer();
    private final Disposable running;
    private final ControlServer control;
    private final Path socket;

    /** The simulated kernel, with everything done to it kept. */
    private record Kept(SimDlmKernel kernel, List<Mutation> mutations) implements DlmKernel {
        @Override
        public Outcome apply(Mutation mutation) {
            mutations.add(mutation);
            return kernel.apply(mutation);
        }

        @Override
        public Outcome answerUnusable(String directory, int result) {
            return kernel.answerUnusable(directory, result);
        }

        @Override
        public KernelSnapshot read(boolean withUnanswered) throws IOException {
            return kernel.read(withUnanswered);
        }

        @Override
        public Optional<KernelLockspace> read(LockspaceName name) throws IOException {
            return kernel.read(name);
        }
    }

    private record Uevents(UeventSource kernel, Flux<UeventSignal> injected) implements UeventSource {
        @Override
        public Flux<UeventSignal> signals() {
            return Flux.merge(kernel.signals(), injected);
        }

        @Override
        public void close() {
            kernel.close();
        }
    }

    private static final class Blank implements MemoryStore {
        @Override
        public Memory load() {
            return Memory.blank();
        }

        @Override
        public void save(Memory memory) {}

        @Override
        public void saveLasting(Memory.Lasting lasting) {}
    }

    FileNode(FileCluster cluster, SimDlmFabric fabric, Path red, int number, BootId boot, String... settingLines)
            throws Exception {
        Path home = Files.createDirectories(cluster.folder.resolve(Long.toHexString(boot.low())));
        socket = home.resolve("admin.sock");
        Settings settings = settings(home, number, settingLines);
        ClusterFacts facts = AgentFacts.core(settings, boot);
        kernel = fabric.boot(NodeNumber.of(number), boot);
        Map<String, Path> disks = Map.of(FileCluster.RED, red, FileCluster.BLUE, cluster.blue);
        List<RegionChange.Attached> regions = new ArrayList<>();
        disks.forEach((name, disk) -> {
            RegionId id = new RegionId(name);
            regions.add(new RegionChange.Attached(id, true, settings.heartbeatPeriod(), () -> open(disk), ""));
            HeartbeatWriter beat = new HeartbeatWriter(
                    id,
                    facts,
                    new Generation(boot.low() << 8 | number),
                    () -> open(disk),
                    cluster.time,
                    cluster::nowNs,
                    new HeartbeatWriter.Watch() {
                        @Override
                        public void beat(RegionId region) {}

                        @Override
                        public void missed(RegionId region, String why) {}
                    });
            heartbeats.add(beat.start());
        });
        NodePorts ports = new NodePorts(
                regions,
                Flux.never(),
                new Uevents(kernel.openUevents(cluster.time), injected.asFlux()),
                new Kept(kernel.kernel(), cluster.mutations),
                cluster.network.attach(NodeNumber.of(number), cluster.time),
                why -> Outcome.Done.DONE,
                new Blank(),
                log::add,
                cluster::nowNs);
        NodePipeline pipeline =
                new NodePipeline(facts, ports, FlowSchedulers.shared(cluster.time), FlowSettings.DEFAULT);
        running = pipeline.start(bug -> {
            throw new AssertionError(bug);
        });
        StatusView view = new StatusView(
                settings,
                pipeline.state(),
                id -> String.valueOf(disks.get(id.name())),
                pipeline.ueventTally(),
                () -> 0,
                cluster.nowNs());
        control = ControlServer.start(socket, view, (node, life) -> Optional.empty(), cluster::nowNs);
    }

    private static Settings settings(Path home, int number, String... lines) throws Exception {
        Path file = Files.writeString(home.resolve("lockstep.conf"), """
                nodes = [ { number = 1, name = n1, address = 10.0.0.1 }
                          { number = 2, name = n2, address = 10.0.0.2 } ]
                o2cb.cluster-conf = /nonexistent/cluster.conf
                fence = manual
                dead-threshold = 5
                guards = [ { lockspace = "a*", region = %s }
                           { lockspace = "b*", region = %s } ]
                """.formatted(FileCluster.RED, FileCluster.BLUE));
        Files.writeString(Files.createDirectories(home.resolve("conf.d")).resolve("10.conf"), String.join("\n", lines));
        return SettingsLoader.load(new Sources(Map.of("node-name", "n" + number), Map.of(), Optional.of(file), "host"))
                .settings();
    }

    private static RegionDevice open(Path disk) throws IOException {
        return DirectRegionDevice.open(disk, Access.READ_WRITE, Caching.BUFFERED);
    }

    SimDlmCall create(String lockspace) {
        return kernel.create(new LockspaceName(lockspace));
    }

    /** A datagram arrives at the uevent socket. */
    void uevent(String datagram) {
        byte[] bytes = datagram.getBytes(StandardCharsets.ISO_8859_1);
        UeventParser.parse(bytes, bytes.length).ifPresent(injected::tryEmitNext);
    }

    /** The uevent socket lost some. */
    void loseUevents() {
        injected.tryEmitNext(new UeventSignal.Overflow("kernel: ENOBUFS"));
    }

    /** {@return what {@code lockstep status --json} prints} */
    String status() {
        return ask(Request.Verb.STATUS, true);
    }

    /** {@return what {@code lockstep status} prints} */
    String statusText() {
        return ask(Request.Verb.STATUS, false);
    }

    /** {@return what {@code lockstep why LOCKSPACE} prints} */
    String why(String lockspace) {
        return ask(Request.Verb.WHY, false, lockspace);
    }

    String ask(Request.Verb verb, boolean json, String... arguments) {
        try {
            return new ControlClient(socket)
                    .ask(new Request(verb, json, List.of(arguments)))
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the warnings about bad input in its log} */
    List<String> badInput() {
        return log.stream()
                .filter(event -> event.type() == LogEvent.Type.BAD_INPUT)
                .map(event -> event.node().map(n -> "node " + n + ": ").orElse("") + event.text())
                .toList();
    }

    @Override
    public void close() throws IOException {
        control.close();
        heartbeats.forEach(Disposable::dispose);
        running.dispose();
    }
}
