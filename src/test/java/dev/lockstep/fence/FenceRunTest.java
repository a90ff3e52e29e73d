// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.FenceAttempt;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.testing.Needs;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs real programs, which fence nobody. */
class FenceRunTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final BootId BOOT = new BootId(1, 2);
    private static final Map<NodeNumber, FenceRun.Peer> PEERS =
            Map.of(NodeNumber.of(2), new FenceRun.Peer("beta", "10.0.0.2"));
    private static final Mutation.FenceNode ORDER =
            new Mutation.FenceNode(NodeNumber.of(2), BOOT, new Generation(0xabc), 4);

    @TempDir
    Path temp;

    @BeforeEach
    void needsSetsid() {
        Needs.of(Files.isExecutable(Path.of("/usr/bin/setsid")), "/usr/bin/setsid of util-linux");
    }

    private Path script(String text) throws IOException {
        Path script = Files.writeString(temp.resolve("fence-it"), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private static Outcome.Exited run(Duration timeout, Path program, String... arguments) {
        List<String> line = new ArrayList<>(List.of(program.toString()));
        line.addAll(List.of(arguments));
        return new FenceRun(line, timeout, "web", PEERS).fence(ORDER);
    }

    /** One that waits for a disk before it starts the script. */
    private FenceRun hanging(String script, CountDownLatch disk, FenceRun.Starter then) throws IOException {
        return new FenceRun(List.of(script(script).toString()), Duration.ofMillis(1), "web", PEERS, builder -> {
            try {
                disk.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            return then.start(builder);
        });
    }

    @Test
    void aProgramThatHangsBeforeItRunsIsOverWithItsTimeAndNeverFences() throws Exception {
        CountDownLatch diskIsBack = new CountDownLatch(1);
        CompletableFuture<Process> late = new CompletableFuture<>();
        FenceRun command = hanging("exec sleep 600", diskIsBack, builder -> {
            Process process = builder.start();
            late.complete(process);
            return process;
        });

        Outcome.Exited ended = command.fence(ORDER);

        assertThat(ended).isEqualTo(new Outcome.Exited(FenceAttempt.TIMED_OUT, "did not even start within 1 ms"));
        diskIsBack.countDown();
        assertThat(late.get().waitFor()).as("killed").isNotZero();
    }

    /** Attempts go on for as long as the peer is not fenced. */
    @Test
    void aStartThatHangsIsNotTriedAgainBeforeItIsOver() throws Exception {
        CountDownLatch diskIsBack = new CountDownLatch(1);
        CompletableFuture<Thread> first = new CompletableFuture<>();
        FenceRun command = hanging("exit 0", diskIsBack, builder -> {
            first.complete(Thread.currentThread());
            throw new IOException("too late");
        });

        assertThat(command.fence(ORDER).status()).isEqualTo(FenceAttempt.TIMED_OUT);
        for (int attempts = 0; attempts < 3; attempts++) {
            assertThat(command.fence(ORDER))
                    .isEqualTo(new Outcome.Exited(
                            FenceAttempt.UNKNOWN, "not tried: the start of an earlier attempt still hangs"));
        }

        diskIsBack.countDown();
        first.get().join();
        assertThat(command.fence(ORDER).said()).as("tried again").doesNotStartWith("not tried");
    }

    @Test
    void fillsInItsArgumentsAndItsEnvironmentAndNothingElse() throws IOException {
        Path told = temp.resolve("told");
        Path script = script("for a in \"$@\"; do echo \"<$a>\"; done > " + told + "; env | sort >> " + told);

        assertThat(run(LONG, script, "--plug={name}", "{node} {address}", "$HOME; `id`", "{boot}/{generation}"))
                .isEqualTo(new Outcome.Exited(0, ""));

        assertThat(Files.readAllLines(told).stream()
                        .filter(line -> !line.matches("(PWD|_|SHLVL|OLDPWD)=.*"))
                        .toList())
                .containsExactly(
                        "<--plug=beta>",
                        "<2 10.0.0.2>",
                        "<$HOME; `id`>",
                        "<" + BOOT + "/" + new Generation(0xabc) + ">",
                        "FENCE_ADDRESS=10.0.0.2",
                        "FENCE_ATTEMPT=4",
                        "FENCE_BOOT=" + BOOT,
                        "FENCE_CLUSTER=web",
                        "FENCE_GENERATION=" + new Generation(0xabc),
                        "FENCE_NAME=beta",
                        "FENCE_NODE=2",
                        "LANG=C.UTF-8",
                        "PATH=/usr/sbin:/usr/bin:/sbin:/bin");
    }

    @Test
    void findsNothingOnItsInput() throws IOException {
        assertThat(run(LONG, script("read line && exit 5; exit 6"))).isEqualTo(new Outcome.Exited(6, ""));
    }

    @Test
    void tellsTheExitStatusAndTheEndOfWhatWasPrinted() throws IOException {
        Outcome.Exited ended = run(LONG, script("yes noise | head -n 100000; echo no route >&2; exit 3"));

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.said()).endsWith("noise no route").hasSizeLessThanOrEqualTo(2048);
    }

    @Test
    void keepsControlCharactersOutOfTheLog() throws IOException {
        assertThat(run(LONG, script("printf 'a\\033[2Jb\\r\\nc\\200'; exit 1")).said())
                .isEqualTo("a [2Jb c");
    }

    @Test
    void killsWhatTakesTooLongWithAllItHasStarted() throws IOException, InterruptedException {
        Path pids = temp.resolve("pids");
        Path script = script("sleep 600 &\necho $! > " + pids + "\n(trap '' TERM; sleep 600)\n");

        Outcome.Exited ended = run(Duration.ofSeconds(2), script);

        assertThat(ended.status()).isEqualTo(FenceAttempt.TIMED_OUT);
        assertThat(ended.said()).startsWith("killed after 2 s");
        long child = Long.parseLong(Files.readString(pids).strip());
        ProcessHandle.of(child).ifPresent(alive -> alive.onExit().join());
        assertThat(ProcessHandle.of(child)).isEmpty();
    }

    @Test
    void keepsNoPipeToWhatACommandLeavesBehind() throws IOException {
        Path pids = temp.resolve("pids");
        Path script = script("sleep 600 &\necho $! >> " + pids + "\necho off");
        long before = pipes();
        Outcome.Exited ended = run(LONG, script);
        long after = pipes();
        for (String pid : Files.readAllLines(pids)) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroy);
        }

        assertThat(ended).isEqualTo(new Outcome.Exited(0, "off"));
        assertThat(after).isEqualTo(before);
    }

    private static long pipes() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(FenceRunTest::isPipe).count();
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException e) {
            return false; // that of the listing itself
        }
    }

    @Test
    void doesNotWaitForWhatACommandLeavesBehind() throws IOException {
        Path pids = temp.resolve("pids");
        Outcome.Exited ended = run(LONG, script("sleep 600 &\necho $! > " + pids + "\necho off"));
        ProcessHandle.of(Long.parseLong(Files.readString(pids).strip())).ifPresent(ProcessHandle::destroy);

        assertThat(ended).isEqualTo(new Outcome.Exited(0, "off"));
    }

    @Test
    void aProgramThatIsGoneIsAFailure() {
        Outcome.Exited ended = run(LONG, temp.resolve("none"));

        assertThat(ended.status()).isNotZero();
        assertThat(ended.said()).contains("none");
    }

    @Test
    void aNodeThatNobodyConfiguredIsNotFenced() {
        FenceRun command = new FenceRun(List.of("/bin/true"), LONG, "web", Map.of());

        assertThat(command.fence(new Mutation.FenceNode(NodeNumber.of(9), BOOT, Generation.NONE, 1))
                        .status())
                .isEqualTo(FenceAttempt.UNKNOWN);
    }
}
