// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeTest {
    @TempDir
    Path root;

    @Test
    void onlyOneAgentHasTheLock() throws IOException {
        Path runtime = root.resolve("run/lockstep");
        try (AgentLock first = AgentLock.tryAcquire(runtime).orElseThrow()) {
            assertThat(first).isNotNull();
            assertThat(AgentLock.tryAcquire(runtime)).isEmpty();
        }
        Optional<AgentLock> next = AgentLock.tryAcquire(runtime);
        assertThat(next).isPresent();
        next.orElseThrow().close();
    }

    @Test
    void readsThisBootsId() throws IOException {
        assertThat(BootIdSource.read(BootIdSource.KERNEL).toString())
                .isEqualTo(Files.readString(BootIdSource.KERNEL).strip());
        Path none = Files.writeString(root.resolve("boot_id"), "not one\n");
        assertThatThrownBy(() -> BootIdSource.read(none))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not one");
    }

    @Test
    void tellsTheManagerAtAPath() throws IOException {
        String path = root.resolve("notify").toString();
        try (UnixDatagramChannel manager = UnixDatagramChannel.open().bind(new UnixSocketAddress(path))) {
            ServiceNotifier notifier = ServiceNotifier.of(Map.of("NOTIFY_SOCKET", path), 1);

            notifier.ready("two\nlines");
            notifier.alive();

            assertThat(receive(manager)).isEqualTo("READY=1\nSTATUS=two lines");
            assertThat(receive(manager)).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void tellsTheManagerAtAnAbstractName() throws IOException {
        String name = "lockstep-test-" + ProcessHandle.current().pid();
        try (UnixDatagramChannel manager = UnixDatagramChannel.open().bind(new UnixSocketAddress("\0" + name))) {
            ServiceNotifier.of(Map.of("NOTIFY_SOCKET", "@" + name), 1).stopping();

            assertThat(receive(manager)).isEqualTo("STOPPING=1");
        }
    }

    @Test
    void withoutAManagerOrWithADeadOneItGoesOn() {
        ServiceNotifier.of(Map.of(), 1).ready("fine");
        ServiceNotifier.of(Map.of("NOTIFY_SOCKET", root + "/none"), 1).ready("fine");

        assertThat(ServiceNotifier.of(Map.of(), 1).watchdogTimeout()).isEmpty();
    }

    @Test
    void knowsItsWatchdog() {
        assertThat(watchdog(Map.of("WATCHDOG_USEC", "5000000"))).contains(Duration.ofSeconds(5));
        assertThat(watchdog(Map.of("WATCHDOG_USEC", "5000000", "WATCHDOG_PID", "42")))
                .isPresent();
        assertThat(watchdog(Map.of("WATCHDOG_USEC", "5000000", "WATCHDOG_PID", "43")))
                .isEmpty();
        assertThat(watchdog(Map.of("WATCHDOG_USEC", "soon"))).isEmpty();
    }

    private static Optional<Duration> watchdog(Map<String, String> environment) {
        return ServiceNotifier.of(environment, 42).watchdogTimeout();
    }

    private static String receive(UnixDatagramChannel manager) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(512);
        manager.receive(message);
        return new String(message.array(), 0, message.position(), StandardCharsets.UTF_8);
    }
}
