// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.exit.ExitCode;
import dev.lockstep.kernelfs.ModuleUnavailable;
import dev.lockstep.kernelfs.NotReady;
import dev.lockstep.kernelfs.SetupRefused;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
    @TempDir
    private Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> ran = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Path good = Path.of("");

    @BeforeEach
    void writeSettings() throws IOException {
        good = Files.writeString(
                temp.resolve("good.conf"), "node-name = a, nodes = [{number=1, name=a, address=10.0.0.1}]");
    }

    private int run(String... args) {
        return Main.run(
                (settings, dryRun) -> {
                    ran.add("agent " + settings.self().name() + (dryRun ? " dry" : ""));
                    return 0;
                },
                (keep, screen) -> {
                    ran.add("demo" + (keep ? " keep" : ""));
                    return 0;
                },
                environment,
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                args);
    }

    private int fail(Throwable failure) {
        return Main.run(
                (settings, dryRun) -> {
                    if (failure instanceof IOException io) {
                        throw io;
                    }
                    if (failure instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) failure;
                },
                (keep, screen) -> 0,
                environment,
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                "agent",
                "--config",
                good.toString());
    }

    @Test
    void printsTheVersionThatTheBuildWrote() {
        assertThat(run("--version")).isEqualTo(0);
        assertThat(out.toString()).matches("lockstep \\d+\\.\\d+\\.\\d+\\S*\\R");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void sendsHelpThatWasAskedForToStandardOutput() {
        assertThat(run("--help")).isEqualTo(0);
        assertThat(out.toString())
                .startsWith("Usage: lockstep")
                .contains("agent", "demo", "status", "ls", "why", "fence-ack", "region", "config");
    }

    @Test
    void tellsTheExitStatusesInTheHelpOfTheAgent() {
        assertThat(run("agent", "--help")).isEqualTo(0);
        for (ExitCode code : ExitCode.values()) {
            assertThat(out.toString()).containsPattern("(?m)^ +" + code.status() + "  \\S");
        }
    }

    @Test
    void answersUnknownOptionsAsUsageErrors() {
        assertThat(run("--no-such-option")).isEqualTo(64);
        assertThat(run("agent", "--no-such-option")).isEqualTo(64);
        assertThat(run("config", "dump", "--no-such-option")).isEqualTo(64);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("--no-such-option");
    }

    @Test
    void answersAMissingCommandAsUsageError() {
        assertThat(run()).isEqualTo(64);
        assertThat(run("config")).isEqualTo(64);
        assertThat(run("why")).isEqualTo(64);
        assertThat(err.toString()).contains("Missing command").contains("Usage: lockstep");
    }

    @Test
    void runsTheAgentWithCheckedSettings() {
        assertThat(run("agent", "--config", good.toString())).isZero();
        assertThat(run("agent", "--config", good.toString(), "--dry-run")).isZero();
        assertThat(ran).containsExactly("agent a", "agent a dry");
    }

    @Test
    void runsTheDemo() {
        assertThat(run("demo", "--keep")).isZero();
        assertThat(ran).containsExactly("demo keep");
    }

    @Test
    void checksSettingsWithoutRunning() {
        assertThat(run("agent", "--config", good.toString(), "--check-config")).isZero();
        assertThat(out.toString()).isEqualTo("The settings are good.\n");
        assertThat(ran).isEmpty();
    }

    /** It may lie on a file system that is not mounted yet, or just be upgraded; a node without an agent is worse. */
    @Test
    void aFenceCommandThatIsNotThereFailsTheCheckAndNoStart() throws IOException {
        Path fenced = Files.writeString(temp.resolve("fenced.conf"), """
                node-name = a
                nodes = [{number=1, name=a, address=10.0.0.1}]
                fence = command
                fence-command = [ /nonexistent/fence ]
                """);

        assertThat(run("agent", "--config", fenced.toString(), "--check-config"))
                .isEqualTo(78);
        assertThat(err.toString()).isEqualTo(fenced + ":4: fence-command: /nonexistent/fence is no executable file\n");
        assertThat(out.toString()).isEmpty();
        assertThat(ran).isEmpty();

        assertThat(run("agent", "--config", fenced.toString())).isZero();
        assertThat(ran).containsExactly("agent a");
    }

    /** The settings are as they should be, so that they can be shown where no agent runs. */
    @Test
    void aSocketsDirectoryThatIsNotThereFailsTheCheckAndTheStart() throws IOException {
        Path none = temp.resolve("none");
        Path settings = Files.writeString(temp.resolve("socket.conf"), """
                node-name = a
                nodes = [{number=1, name=a, address=10.0.0.1}]
                paths.control-socket =\
                """ + none.resolve("admin.sock"));
        String complaint = settings + ":3: paths.control-socket: " + none
                + " is no directory; make it, or keep the socket in paths.runtime\n";

        assertThat(run("agent", "--config", settings.toString(), "--check-config"))
                .isEqualTo(78);
        assertThat(run("agent", "--config", settings.toString())).isEqualTo(78);
        assertThat(err.toString()).isEqualTo(complaint + complaint);
        assertThat(ran).isEmpty();
        assertThat(run("config", "dump", "--config", settings.toString())).isZero();
    }

    @Test
    void printsEveryProblemOnALineOfItsOwnAndRunsNothing() {
        assertThat(run("agent", "-c", good.toString(), "-s", "fence=reset", "-s", "dlm.port=0"))
                .isEqualTo(78);
        assertThat(err.toString()).isEqualTo("""
                        --set dlm.port: dlm.port: 0 is outside 1 to 65535
                        --set fence: fence: needs one of self, command, manual, not the text "reset"
                        """);
        assertThat(ran).isEmpty();
    }

    @Test
    void namesFileAndLineOfWhatAnAdministratorGotWrong() throws IOException {
        Path bad = Files.writeString(temp.resolve("bad.conf"), """
                node-name = a
                dead-treshold = 31
                nodes = [
                  { number = 0, name = a, address = 10.0.0.1 }
                  { number = 1, name = b, address = 10.0.0.2 }
                  { number = 1, name = c, address = 10.0.0.3 }
                ]
                """);

        assertThat(run("agent", "--check-config", "--config", bad.toString())).isEqualTo(78);
        assertThat(err.toString().replace(temp + "/", ""))
                .contains("bad.conf:2: unknown setting dead-treshold; did you mean dead-threshold?\n")
                .contains("bad.conf:4: ", "dlm.nodeid-offset")
                .contains("bad.conf:6: ", "number 1");
        assertThat(out.toString()).isEmpty();
        assertThat(run("agent", "--config", bad.toString())).isEqualTo(78);
        assertThat(ran).isEmpty();
    }

    @Test
    void dumpsSettings() {
        assertThat(run("config", "dump", "-c", good.toString(), "-s", "dead-threshold=11"))
                .isZero();
        assertThat(out.toString()).contains("dead-threshold = 11  # --set dead-threshold\n");
    }

    @Test
    void makesARegionInAFileAndShowsIt() {
        String file = temp.resolve("region").toString();
        String uuid = "0123456789ABCDEF0123456789ABCDEF";

        assertThat(run("region", "format", file, "--uuid", uuid, "--buffered")).isZero();
        assertThat(run("region", "dump", file, "--buffered")).isZero();
        assertThat(out.toString()).contains("region " + uuid);
        assertThat(run("region", "format", file, "--buffered")).isEqualTo(64);
        assertThat(err.toString()).contains("--force");
        assertThat(run("region", "format", file, "--force", "--buffered")).isZero();
    }

    @Test
    void saysThatNoAgentListens() {
        String socket = temp.resolve("none.sock").toString();

        assertThat(run("ls", "--socket", socket)).isEqualTo(75);
        assertThat(err.toString()).isEqualTo("lockstep: no agent listens on " + socket + "; is it running?\n");
    }

    @Test
    void refusesNamesThatNoRequestCanCarry() {
        assertThat(run("why", "a b", "--socket", temp.toString())).isEqualTo(64);
        assertThat(err.toString()).contains("\\x20");
    }

    @Test
    void givesEachKindOfFailureItsStatusAndOneLine() {
        assertThat(fail(new IOException("read /dev/sdb1: EIO"))).isEqualTo(74);
        assertThat(fail(new AccessDeniedException("/dev/sdb1"))).isEqualTo(77);
        assertThat(fail(new CommandFailure(ExitCode.UNAVAILABLE, "no dlm module")))
                .isEqualTo(69);
        assertThat(fail(new IllegalStateException("impossible"))).isEqualTo(70);
        assertThat(err.toString()).isEqualTo("""
                        lockstep: read /dev/sdb1: EIO
                        lockstep: /dev/sdb1: permission denied; the agent runs as root
                        lockstep: no dlm module
                        lockstep: a bug: java.lang.IllegalStateException: impossible; LOCKSTEP_DEBUG=1 shows where
                        """);
    }

    /** A device without rights, a capability that the unit does not give, a disk that is set read-only. */
    @Test
    void aSystemCallThatIsNotAllowedIsToldFromOneThatFails() {
        for (String denied : List.of("EACCES", "EPERM", "EROFS")) {
            assertThat(fail(new NativeFailure("open", Errno.parse(denied), "/dev/sdb1")))
                    .isEqualTo(77);
        }
        assertThat(fail(new NativeFailure("open", Errno.EIO, "/dev/sdb1"))).isEqualTo(74);
        assertThat(fail(new NativeFailure("open", Errno.EBUSY, "/dev/misc/dlm_plock")))
                .isEqualTo(75);
        assertThat(err.toString()).isEqualTo("""
                        lockstep: open /dev/sdb1: permission denied (EACCES); the agent runs as root
                        lockstep: open /dev/sdb1: not permitted (EPERM); the agent runs as root
                        lockstep: open /dev/sdb1: read-only (EROFS); the agent runs as root
                        lockstep: open /dev/sdb1: input or output failed (EIO)
                        lockstep: open /dev/misc/dlm_plock: in use (EBUSY)
                        """);
    }

    /** Java's own messages are the path and nothing else. */
    @Test
    void saysInPlainWordsWhatIsTheMatterWithAFile() {
        fail(new NoSuchFileException("/dev/sdb1"));
        fail(new NotDirectoryException("/run/lockstep"));
        fail(new FileSystemLoopException("/run/lockstep"));
        fail(new FileSystemException("/run/lockstep", null, "Is a directory"));
        fail(new NativeFailure("open", Errno.ENOENT, "/dev/sdb1"));
        fail(new NativeFailure("ioctl", Errno.ENOTTY, "/dev/sdb1"));

        assertThat(err.toString()).isEqualTo("""
                        lockstep: /dev/sdb1: no such file
                        lockstep: /run/lockstep: is no directory
                        lockstep: /run/lockstep: FileSystemLoop
                        lockstep: /run/lockstep: Is a directory
                        lockstep: open /dev/sdb1: no such file (ENOENT)
                        lockstep: ioctl /dev/sdb1: ENOTTY
                        """);
    }

    /** jffi's message has the stack traces of all its tries inside. */
    @Test
    void saysInOneLineWhatANativeLibraryNeeds() {
        String failed = "/tmp/jna/jna1.tmp: failed to map segment from shared object";

        assertThat(fail(new UnsatisfiedLinkError(failed + "\n\tat x"))).isEqualTo(69);
        assertThat(err.toString())
                .contains(failed, "noexec", "LOCKSTEP_JAVA_OPTS")
                .hasLineCount(1);
    }

    /** As where the root disk does not answer for a while: systemd must start the agent again. */
    @Test
    void aClassThatCannotBeLoadedIsNoLibraryThatIsMissing() {
        assertThat(fail(new NoClassDefFoundError("dev/lockstep/core/Plan"))).isEqualTo(70);
        assertThat(err.toString()).isEqualTo("""
                        lockstep: code cannot be loaded: java.lang.NoClassDefFoundError: dev/lockstep/core/Plan
                        """);
    }

    @Test
    void tellsWhatASecondTryCannotMendFromWhatTimeMay() {
        assertThat(fail(new SetupRefused("num is 0, the configuration says 2"))).isEqualTo(78);
        assertThat(fail(new ModuleUnavailable("modprobe dlm exited with 1"))).isEqualTo(69);
        assertThat(fail(new NotReady("O2CB cannot listen on 10.0.0.1"))).isEqualTo(74);
        assertThat(err.toString()).isEqualTo("""
                        lockstep: num is 0, the configuration says 2
                        lockstep: modprobe dlm exited with 1
                        lockstep: O2CB cannot listen on 10.0.0.1
                        """);
    }

    /** A refusal may quote an errno's words; what it is called by does not depend on them. */
    @Test
    void aRefusalStaysOneWhateverItSays() {
        assertThat(fail(new SetupRefused("write: Permission denied"))).isEqualTo(78);
    }

    @Test
    void errorsOfTheJvmAreOneLineToo() {
        assertThat(fail(new StackOverflowError())).isEqualTo(70);
        assertThat(err.toString())
                .isEqualTo("lockstep: a bug: java.lang.StackOverflowError; LOCKSTEP_DEBUG=1 shows where\n");

        environment.put("LOCKSTEP_DEBUG", "1");
        assertThat(fail(new StackOverflowError())).isEqualTo(70);
        assertThat(err.toString()).contains("\tat dev.lockstep.");
    }

    /** As any path but ASCII is where the locale is C. */
    @Test
    void aPathThatTheLocaleCannotWriteIsNoBug() {
        environment.put("LOCKSTEP_PATHS_CONTROL_SOCKET", "/run/\ud800");

        assertThat(run("ls")).isEqualTo(78);
        assertThat(err.toString()).startsWith("lockstep: the path ").contains("LC_ALL=C.UTF-8");
    }

    @Test
    void showsStackTracesToThoseWhoAsk() {
        environment.put("LOCKSTEP_DEBUG", "1");

        assertThat(fail(new IllegalStateException("impossible"))).isEqualTo(70);
        assertThat(err.toString()).contains("\tat dev.lockstep.");
    }
}
