// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemCallsTest {
    @TempDir
    Path folder;

    @Test
    void bootTimeIsTheKernelsUptime() throws NativeFailure {
        BootTime clock = new BootTime();
        long beforeNs = clock.nowNs();
        double uptimeSeconds =
                Double.parseDouble(KernelFile.read("/proc/uptime", 100).split(" ", 2)[0]);
        long afterNs = clock.nowNs();

        // /proc/uptime is cut to hundredths of a second.
        assertThat(uptimeSeconds).isBetween(beforeNs / 1e9 - 0.011, afterNs / 1e9);
        assertThat(afterNs).isGreaterThan(beforeNs);
    }

    @Test
    void whatWasTouchedStaysInMemory() throws IOException {
        Needs.of(isCapable(14), "CAP_IPC_LOCK");

        LockedMemory.keepTouched();

        assertThat(Files.readString(Path.of("/proc/self/status"))).containsPattern("VmLck:\\s+[1-9][0-9]* kB");
    }

    private static boolean isCapable(int capability) throws IOException {
        String status = Files.readString(Path.of("/proc/self/status"));
        long capabilities = Long.parseLong(status.replaceFirst("(?s).*CapEff:\\s+([0-9a-f]+).*", "$1"), 16);
        return (capabilities >> capability & 1) == 1;
    }

    @Test
    void threadsStartedLaterNeedNoFileSystemForMemoryEitherOrItIsSaidWhy() throws Exception {
        if (!isCapable(24)) { // CAP_SYS_RESOURCE, which containers lack
            assertThatThrownBy(IoFlusher::beFromHereOn)
                    .isInstanceOf(NativeFailure.class)
                    .hasMessageEndingWith("EPERM");
            return;
        }
        List<Boolean> flushers = onThread(() -> {
            boolean before = IoFlusher.isOne();
            IoFlusher.beFromHereOn();
            return List.of(before, IoFlusher.isOne(), onThread(IoFlusher::isOne));
        });

        assertThat(flushers).containsExactly(false, true, true);
        assertThat(IoFlusher.isOne()).isFalse();
    }

    private static <T> T onThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task, "test").start();
        return task.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aLockIsHeldOnceAndFreedByClosing() throws NativeFailure {
        Path path = folder.resolve("lock");
        LockFile first = LockFile.tryLock(path).orElseThrow();

        assertThat(LockFile.tryLock(path)).isEmpty();
        first.close();
        Optional<LockFile> second = LockFile.tryLock(path);
        assertThat(second).isPresent();
        second.orElseThrow().close();
    }

    @Test
    void alignedMemoryIsAlignedZeroedAndBounded() {
        AlignedMemory memory = AlignedMemory.allocate(5000);

        assertThat(memory.address(0, 8192) % AlignedMemory.ALIGNMENT).isZero();
        assertThat(memory.size()).isEqualTo(8192);
        assertThat(memory.buffer().get(8191)).isZero();
        assertThatThrownBy(() -> memory.address(8000, 200)).isInstanceOf(IndexOutOfBoundsException.class);
        memory.close();
        assertThatThrownBy(() -> memory.address(0, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWakeUpEndsOneReceive() throws NativeFailure {
        try (NetlinkSocket socket = NetlinkSocket.openUevents(1 << 20)) {
            socket.wakeUp();
            socket.wakeUp();

            assertThat(socket.receive(-1)).isEmpty();
        }
    }

    @Test
    void aClosedSocketReceivesNothing() throws NativeFailure {
        NetlinkSocket socket = NetlinkSocket.openUevents(1 << 20);
        socket.close();

        assertThatThrownBy(() -> socket.receive(-1)).hasMessageEndingWith("EBADF");
        socket.wakeUp();
    }
}
