// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.exit.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the safety of a node rests on in its unit files. */
final class ServiceUnitTest {
    /** Surefire runs in the module's folder. */
    private static final Path UNITS = Path.of("..", "config", "systemd");

    private static final String DOCUMENTATION = "Documentation=";
    private static final String INSTALLED = "file:/usr/lib/lockstep/";

    private static final String PREVENT = "RestartPreventExitStatus=";

    private static List<String> directives(String unit) throws IOException {
        return Files.readAllLines(UNITS.resolve(unit)).stream()
                .filter(line -> line.contains("=") && !line.startsWith("#"))
                .collect(Collectors.toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lockstep.service", "lockstep-reset.service"})
    void namesDocumentationThatIsInstalledWithTheAgent(String unit) throws IOException {
        List<String> files = directives(unit).stream()
                .filter(line -> line.startsWith(DOCUMENTATION))
                .flatMap(line ->
                        Arrays.stream(line.substring(DOCUMENTATION.length()).split(" ")))
                .toList();

        String packed = Files.readString(Path.of("main", "assembly", "directory.xml"));
        assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(file).startsWith(INSTALLED));
        assertThat(files)
                .allSatisfy(file ->
                        assertThat(packed).contains("<include>" + file.substring(INSTALLED.length()) + "</include>"));
    }

    @Test
    void neverRunsBesideDlmControld() throws IOException {
        assertThat(directives("lockstep.service")).contains("Conflicts=dlm.service");
    }

    @Test
    void neverKillsAThreadInsideTheKernel() throws IOException {
        assertThat(directives("lockstep.service")).contains("SendSIGKILL=no", "KillMode=process");
    }

    @Test
    void keepsWhatASuccessorAdopts() throws IOException {
        assertThat(directives("lockstep.service"))
                .contains("RuntimeDirectory=lockstep", "RuntimeDirectoryPreserve=yes", "StateDirectory=lockstep");
    }

    @Test
    void restartsExceptWhereAnotherTryCannotHelp() throws IOException {
        assertThat(directives("lockstep.service")).contains("Restart=always", "SuccessExitStatus=143");
        assertThat(directives("lockstep.service").stream()
                        .filter(line -> line.startsWith(PREVENT))
                        .flatMap(line ->
                                Arrays.stream(line.substring(PREVENT.length()).split(" "))))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ExitCode.values())
                        .filter(ExitCode::isFinal)
                        .map(code -> String.valueOf(code.status()))
                        .toList());
    }

    @Test
    void resetsOnlyANodeWithLockspacesWhoseAgentCannotBeKeptRunning() throws IOException {
        assertThat(directives("lockstep.service"))
                .contains("OnFailure=lockstep-reset.service", "RestartMode=direct")
                .noneMatch(line -> line.startsWith("FailureAction=") || line.startsWith("StartLimitAction="));
        assertThat(directives("lockstep-reset.service"))
                .contains("ConditionDirectoryNotEmpty=/sys/kernel/dlm")
                .noneMatch(line -> line.startsWith("ExecCondition=")); // knows nothing of the service that failed
    }

    /** The shell's own line from the unit, with nothing behind it that resets. */
    @ParameterizedTest
    @CsvSource({
        "exit-code, exited, 1, true",
        "exit-code, exited, 70, true",
        "exit-code, exited, 74, true",
        "signal, killed, KILL, true",
        "watchdog, dumped, ABRT, true",
        "start-limit-hit, exited, 1, true",
        "start-limit-hit, exited, 0, false", // somebody has it started anew again and again
        "start-limit-hit, exited, 143, false",
        "'', '', '', false"
    })
    void resetsForWhatAnotherTryCouldHaveMended(String result, String code, String status, boolean resets)
            throws IOException, InterruptedException {
        assertThat(resets(result, code, status)).isEqualTo(resets);
    }

    @ParameterizedTest
    @EnumSource(ExitCode.class)
    void resetsNothingForAStatusAfterWhichTheAgentIsNotStartedAgain(ExitCode code)
            throws IOException, InterruptedException {
        boolean toldToEnd = code.status() == 0;
        assertThat(resets("exit-code", "exited", String.valueOf(code.status())))
                .isEqualTo(!toldToEnd && !code.isFinal());
    }

    private static boolean resets(String result, String code, String status) throws IOException, InterruptedException {
        String start = directives("lockstep-reset.service").stream()
                .filter(line -> line.startsWith("ExecStart=/bin/sh -c '"))
                .findFirst()
                .orElseThrow();
        String decides = start.substring(start.indexOf('\'') + 1, start.indexOf("esac;") + "esac;".length());
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", decides + " exit 99");
        shell.environment().put("MONITOR_SERVICE_RESULT", result);
        shell.environment().put("MONITOR_EXIT_CODE", code);
        shell.environment().put("MONITOR_EXIT_STATUS", status);
        return shell.start().waitFor() == 99;
    }

    @Test
    void whatLocksThroughDlmStartsAfterTheAgent() throws IOException {
        assertThat(directives("lockstep.service"))
                .contains("Wants=remote-fs-pre.target")
                .anyMatch(line -> line.startsWith("Before=remote-fs-pre.target "));
    }

    /** systemctl reboot syncs first, however often it is forced; a file system on a stopped lockspace keeps that. */
    @Test
    void resetsWithoutASync() throws IOException {
        assertThat(directives("lockstep-reset.service"))
                .noneMatch(line -> line.contains("systemctl reboot"))
                .filteredOn(line -> line.startsWith("ExecStart="))
                .singleElement()
                .asString()
                .contains("echo b >/proc/sysrq-trigger")
                .doesNotContain("sync ", "sync;");
    }

    @Test
    void survivesMemoryPressure() throws IOException {
        assertThat(directives("lockstep.service")).contains("OOMScoreAdjust=-1000");
    }

    @Test
    void anAgentThatLivesOnWithoutItsWorkIsStartedAnew() throws IOException {
        assertThat(directives("lockstep.service")).contains("WatchdogSec=180", "NotifyAccess=main");
        assertThat(Files.readString(Path.of("main", "bin", "lockstep"))).contains("-XX:+ExitOnOutOfMemoryError");
    }
}
