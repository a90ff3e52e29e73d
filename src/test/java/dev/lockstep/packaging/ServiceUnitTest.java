// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the safety of a node rests on in its unit files. */
final class ServiceUnitTest {
    /** Surefire runs in the module's folder. */
    private static final Path UNITS = Path.of("..", "config", "systemd");

    private static final String PREVENT = "RestartPreventExitStatus=";

    private static List<String> directives(String unit) throws IOException {
        return Files.readAllLines(UNITS.resolve(unit)).stream()
                .filter(line -> line.contains("=") && !line.startsWith("#"))
                .collect(Collectors.toList());
    }

    @Test
    void neverRunsBesideDlmControld() throws IOException {
        assertThat(directives("lockstep.service")).contains("Conflicts=dlm.service");
    }

    @Test
    void neverKillsAThreadInsideTheKernel() throws IOException {
        assertThat(directives("lockstep.service")).contains("SendSIGKILL=no");
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
                .contains("OnFailure=lockstep-reset.service")
                .noneMatch(line -> line.startsWith("FailureAction=") || line.startsWith("StartLimitAction="));
        assertThat(directives("lockstep-reset.service"))
                .contains(
                        "ConditionDirectoryNotEmpty=/sys/kernel/dlm",
                        "ExecCondition=/bin/sh -c 'test \"$MONITOR_SERVICE_RESULT\" = start-limit-hit'");
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
