// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.MemoryStore;
import dev.lockstep.port.UeventSource;
import dev.lockstep.sim.SimNetwork;
import dev.lockstep.uevent.UeventSignal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Errors that Reactor throws through its operators, past every subscriber. */
final class LoudEndTest {
    private static final NodeNumber SELF = NodeNumber.of(0);

    private final FlowSchedulers threads = FlowSchedulers.threads("test");
    private final AtomicLong clock = new AtomicLong();
    private final CompletableFuture<Throwable> told = new CompletableFuture<>();
    private Disposable running = () -> {};

    @AfterEach
    void end() {
        running.dispose();
        threads.releaseAll();
    }

    @Test
    void anErrorInAPlanEndsThePipeline() throws Exception {
        Error gone = new NoClassDefFoundError("gone");
        start(new Store() {
            @Override
            public void save(Memory memory) {
                throw gone;
            }
        });

        assertThat(told.get(30, TimeUnit.SECONDS)).isSameAs(gone);
    }

    @Test
    void anErrorOnAThreadBesideTheCoresEndsThePipeline() throws Exception {
        Error deep = new StackOverflowError();
        start(new Store() {
            @Override
            public void saveLasting(Memory.Lasting lasting) {
                throw deep;
            }
        });

        assertThat(told.get(30, TimeUnit.SECONDS)).isSameAs(deep);
    }

    private void start(MemoryStore store) {
        NodePorts ports = new NodePorts(
                List.of(),
                Flux.never(),
                new Silent(),
                new IdleKernel(),
                new SimNetwork().attach(SELF, threads.watch()),
                why -> Outcome.Done.DONE,
                store,
                event -> {},
                clock::incrementAndGet);
        running = new NodePipeline(
                        new ShellCluster(1).facts(SELF, new BootId(1, 1)), ports, threads, FlowSettings.DEFAULT)
                .start(told::complete);
    }

    private static class Store implements MemoryStore {
        @Override
        public Memory load() {
            return Memory.blank();
        }

        @Override
        public void save(Memory memory) {}

        @Override
        public void saveLasting(Memory.Lasting lasting) {}
    }

    private static final class Silent implements UeventSource {
        @Override
        public Flux<UeventSignal> signals() {
            return Flux.never();
        }

        @Override
        public void close() {}
    }
}
