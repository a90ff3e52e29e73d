// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.exit.ExitCode;
import dev.lockstep.nativeio.AlignedMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts Java, with a Java that only tells its arguments. */
final class LauncherTest {
    private static final Path SCRIPT = Path.of("main", "bin", "lockstep");

    @TempDir
    private Path temp;

    private List<String> arguments(Path home, String... args) throws IOException {
        Files.createFile(Files.createDirectories(home.resolve("lib")).resolve("lockstep-agent-1.jar"));
        return lines(launcher(home, args).start());
    }

    private ProcessBuilder launcher(Path home, String... args) throws IOException {
        Path java = Files.createDirectories(temp.resolve("java/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\ncase \"$*\" in *-Xbad*) exit 1;; esac\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        Path script = Files.createDirectories(home.resolve("bin")).resolve("lockstep");
        Files.copy(SCRIPT, script);
        ProcessBuilder process = new ProcessBuilder("/bin/sh", script.toString()).redirectErrorStream(true);
        process.command().addAll(List.of(args));
        process.environment().put("JAVA_HOME", temp.resolve("java").toString());
        process.environment().remove("LOCKSTEP_JAVA_OPTS");
        return process;
    }

    private static List<String> lines(Process process) throws IOException {
        try (var out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    @Test
    void handsOnItsArgumentsWhereverItStands() throws IOException {
        Path home = temp.toRealPath().resolve("a place");

        assertThat(arguments(home, "why", "a b"))
                .endsWith("-cp", home + "/lib/*", "dev.lockstep.cli.Main", "why", "a b");
    }

    /** See the script: what is read, what is written and what is watched, each opening with its own. */
    @Test
    void memoryOutsideTheHeapIsEnoughForTheMostRegions() throws IOException {
        long page = AlignedMemory.ALIGNMENT;
        long board = (65_536 + page) + (32_768 + page) + 2 * page;
        long slots = 255 * 4096 + page;
        long threads = 256 * 4 * page;

        assertThat(arguments(temp.resolve("home")))
                .filteredOn(argument -> argument.startsWith("-XX:MaxDirectMemorySize="))
                .singleElement()
                .asString()
                .matches(".*=\\d+m")
                .satisfies(limit -> assertThat(Long.parseLong(limit.replaceAll("\\D", "")) << 20)
                        .isGreaterThan(32 * (2 * (slots + board) + board) + threads));
    }

    /** The JVM would end with 1, after which systemd tries again, and in the end the node is reset. */
    @Test
    void optionsThatTheJvmRefusesAreWrongSettings() throws IOException, InterruptedException {
        Path home = temp.toRealPath().resolve("a place");
        Files.createFile(Files.createDirectories(home.resolve("lib")).resolve("lockstep-agent-1.jar"));
        ProcessBuilder launcher = launcher(home, "why");
        launcher.environment().put("LOCKSTEP_JAVA_OPTS", "-Xmx128m");
        assertThat(lines(launcher.start())).contains("-Xmx128m", "why");
        launcher.environment().put("LOCKSTEP_JAVA_OPTS", "-Xbad");
        Process refused = launcher.start();
        assertThat(lines(refused))
                .singleElement()
                .asString()
                .startsWith("lockstep: the JVM refuses LOCKSTEP_JAVA_OPTS");
        assertThat(refused.waitFor()).isEqualTo(ExitCode.CONFIG.status());
    }

    @Test
    void anInstallationThatIsNotWholeIsUnavailable() throws IOException, InterruptedException {
        Path home = temp.toRealPath().resolve("a place");
        Process started = launcher(home, "why").start();
        assertThat(lines(started))
                .containsExactly("lockstep: " + home + "/lib is not whole, or holds two versions: install it anew");
        assertThat(started.waitFor()).isEqualTo(ExitCode.UNAVAILABLE.status());
    }

    /** A temporary directory may be mounted noexec; the build takes them out of the jars, under the same names. */
    @Test
    void namesWhereTheLibrariesForThisMachineAre() throws IOException {
        Path home = temp.toRealPath().resolve("a place");
        List<String> arguments = arguments(home);

        for (String library : List.of(
                value(arguments, "-Djna.boot.library.path=") + "/libjnidispatch.so",
                value(arguments, "-Djffi.boot.library.path=") + "/libjffi-1.2.so")) {
            assertThat(library).startsWith(home + "/lib/native/");
            String inJar = library.substring((home + "/lib/native/").length());
            assertThat(getClass().getClassLoader().getResource(inJar)).as(inJar).isNotNull();
        }
    }

    private static String value(List<String> arguments, String option) {
        return arguments.stream()
                .filter(argument -> argument.startsWith(option))
                .map(argument -> argument.substring(option.length()))
                .findFirst()
                .orElseThrow();
    }
}
