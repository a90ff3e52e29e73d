// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.uevents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.nativeio.NativeFailure;
import dev.lockstep.nativeio.UeventInjector;
import dev.lockstep.port.UeventSource;
import dev.lockstep.port.UeventSourceContract;
import dev.lockstep.testing.Needs;
import dev.lockstep.uevent.Uevent;
import dev.lockstep.uevent.UeventSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The real socket. Where events cannot be injected, only that it opens and closes. */
class NetlinkUeventSourceTest {
    private static final AtomicInteger NAMES = new AtomicInteger();

    @Test
    void opensAndClosesWithoutAnySubscriber() throws NativeFailure {
        NetlinkUeventSource source = NetlinkUeventSource.open(NetlinkUeventSource.RECEIVE_BUFFER_BYTES, 16);
        source.close();
        source.close();

        BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
        source.signals().subscribe(signal -> {}, errors::add);
        assertThat(errors).singleElement().isInstanceOf(IllegalStateException.class);
    }

    /** Needs CAP_SYS_ADMIN. */
    @Nested
    class WithInjectedEvents implements UeventSourceContract {

        @BeforeEach
        void needsRoot() throws IOException {
            String status = Files.readString(Path.of("/proc/self/status"));
            Needs.of(
                    status.matches("(?s).*CapEff:\t[0-9a-f]{10}[2367abef][0-9a-f]{5}\n.*"),
                    "CAP_SYS_ADMIN, to inject uevents");
        }

        @Override
        public Fixture open() throws NativeFailure {
            return new InjectedFixture();
        }

        @Test
        void refusesWhatTheKernelDidNotSend() throws Exception {
            try (InjectedFixture fixture = new InjectedFixture();
                    UeventInjector injector = new UeventInjector()) {
                BlockingQueue<UeventSignal> signals = new LinkedBlockingQueue<>();
                fixture.source().signals().subscribe(signals::add);

                injector.sendForged(event(Uevent.Action.ONLINE, fixture.name(0)));

                assertThat(signals.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS))
                        .isEqualTo(new UeventSignal.Malformed("datagram was not sent by the kernel"));
            }
        }

        @Test
        void tellsWhenTheKernelLostEvents() throws Exception {
            // The smallest buffer the kernel gives, and a subscriber that holds the source's thread.
            try (NetlinkUeventSource source = NetlinkUeventSource.open(1, 16);
                    UeventInjector injector = new UeventInjector()) {
                CountDownLatch held = new CountDownLatch(1);
                CountDownLatch release = new CountDownLatch(1);
                CountDownLatch overflow = new CountDownLatch(1);
                source.signals().subscribe(signal -> {
                    held.countDown();
                    await(release);
                    if (signal.equals(new UeventSignal.Overflow("kernel: ENOBUFS"))) {
                        overflow.countDown();
                    }
                });
                for (int i = 0; i < 2000; i++) {
                    injector.sendByKernel(event(Uevent.Action.ONLINE, new LockspaceName("lockstep-flood")));
                }
                await(held);
                release.countDown();

                assertThat(overflow.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS))
                        .isTrue();
            }
        }

        /** Until its queue is empty, the kernel drops what comes after the loss as well, and tells nobody. */
        @Test
        void tellsOfALossOnlyWhenNothingMoreIsLost() throws Exception {
            try (NetlinkUeventSource source = NetlinkUeventSource.open(1, 16);
                    UeventInjector injector = new UeventInjector()) {
                LockspaceName after = new LockspaceName("lockstep-after");
                CountDownLatch held = new CountDownLatch(1);
                CountDownLatch release = new CountDownLatch(1);
                CountDownLatch heard = new CountDownLatch(1);
                source.signals().subscribe(signal -> {
                    held.countDown();
                    await(release);
                    if (signal.equals(new UeventSignal.Overflow("kernel: ENOBUFS"))) {
                        injector.sendByKernel(event(Uevent.Action.ONLINE, after));
                    } else if (signal.equals(new UeventSignal.Received(new Uevent(Uevent.Action.ONLINE, after)))) {
                        heard.countDown();
                    }
                });
                for (int i = 0; i < 2000; i++) {
                    injector.sendByKernel(event(Uevent.Action.ONLINE, new LockspaceName("lockstep-flood")));
                }
                await(held);
                release.countDown();

                assertThat(heard.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS))
                        .isTrue();
            }
        }

        @Test
        void outlivesAFloodOfAnotherSubsystemAndTellsIfItLostAnything() throws Exception {
            try (InjectedFixture fixture = new InjectedFixture();
                    UeventInjector injector = new UeventInjector()) {
                BlockingQueue<UeventSignal> signals = new LinkedBlockingQueue<>();
                fixture.source().signals().subscribe(signals::add);
                for (int i = 0; i < 100_000; i++) {
                    injector.sendByKernel(
                            "change@/devices/lockstep-test\0ACTION=change\0DEVPATH=/devices/lockstep-test\0"
                                    + "SUBSYSTEM=lockstep-test\0");
                }
                UeventSignal own = new UeventSignal.Received(new Uevent(Uevent.Action.ONLINE, fixture.name(0)));
                UeventSignal seen = null;
                while (!own.equals(seen)) {
                    fixture.send(Uevent.Action.ONLINE, fixture.name(0));
                    seen = signals.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
                    assertThat(seen)
                            .satisfiesAnyOf(
                                    signal -> assertThat(signal).isEqualTo(own),
                                    signal -> assertThat(signal).isInstanceOf(UeventSignal.Overflow.class));
                }
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static String event(Uevent.Action action, LockspaceName name) {
        String verb = action.name().toLowerCase(Locale.ROOT);
        String path = "/kernel/dlm/" + name.value();
        return verb + "@" + path + "\0ACTION=" + verb + "\0DEVPATH=" + path + "\0SUBSYSTEM=dlm\0LOCKSPACE="
                + name.value() + "\0";
    }

    private static final class InjectedFixture implements UeventSourceContract.Fixture {
        private final String prefix = "t" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet() + "-";
        private final NetlinkUeventSource source =
                NetlinkUeventSource.open(NetlinkUeventSource.RECEIVE_BUFFER_BYTES, capacity());
        private final UeventInjector injector = new UeventInjector();

        InjectedFixture() throws NativeFailure {}

        @Override
        public UeventSource source() {
            return source;
        }

        @Override
        public void send(Uevent.Action action, LockspaceName lockspace) {
            injector.sendByKernel(event(action, lockspace));
        }

        @Override
        public int capacity() {
            return 64;
        }

        @Override
        public LockspaceName name(int number) {
            return new LockspaceName(prefix + number);
        }

        @Override
        public void close() {
            source.close();
            injector.close();
        }
    }
}
