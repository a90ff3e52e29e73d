// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that cannot be read, and files that do not go together. */
final class BadFilesTest {
    /** The JDK has no bytes for it in any locale; what is not ASCII goes the same way where the locale is C. */
    private static final String NO_PATH = "/run/\ud800";

    private static final String REFUSED =
            "the path \"" + NO_PATH + "\" has characters that this process's locale has no"
                    + " bytes for; set LC_ALL=C.UTF-8, or name it otherwise";

    @TempDir
    private Path temp;

    private ConfigFolder folder(String line) {
        return new ConfigFolder(temp).file("lockstep.conf", ConfigFolder.NODES + line);
    }

    @Test
    void aValueInAGroupsPlaceHidesNothingOfAnotherFile() {
        assertThat(folder("dlm = 3").file("conf.d/10.conf", "dlm.port = 21070").problems())
                .containsExactly("lockstep.conf:4: dlm: needs a group in { }, not 3");
        assertThat(folder("dlm.port = 21070").file("conf.d/10.conf", "dlm = 3").problems())
                .containsExactly("conf.d/10.conf:1: dlm: needs a group in { }, not 3");
        assertThat(folder("paths = null")
                        .file("conf.d/10.conf", "paths.state = /srv/lockstep")
                        .problems())
                .containsExactly("lockstep.conf:4: paths: null is no value; leave the setting out for its default");
    }

    @Test
    void aValueInAGroupsPlaceHidesNothingOfAFlag() {
        assertThat(folder("")
                        .file("conf.d/10.conf", "")
                        .flag("dlm", "3")
                        .flag("dlm.port", "21070")
                        .problems())
                .containsExactly("--set dlm: dlm: needs a group in { }, not 3");
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws IOException {
        byte[] text = (ConfigFolder.NODES + "\ndlm.nodir = [ \"?\" ]\n").getBytes(StandardCharsets.US_ASCII);
        text[ConfigFolder.NODES.length() + 16] = (byte) 0xE9;
        Files.write(temp.resolve("lockstep.conf"), text);

        assertThat(new ConfigFolder(temp).problems()).containsExactly("lockstep.conf:5: has bytes that are not UTF-8");
    }

    @Test
    void refusesAFileThatEndsWithinACharacter() throws IOException {
        Files.write(temp.resolve("lockstep.conf"), new byte[] {'#', '\n', '#', (byte) 0xC3});

        assertThat(new ConfigFolder(temp).problems()).containsExactly("lockstep.conf:2: has bytes that are not UTF-8");
    }

    @Test
    void takesUtf8WithOrWithoutItsMark() throws InvalidSettings {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", "\ufeff" + ConfigFolder.NODES + "dlm.nodir = [ \"\u00e9\" ] # \u00e9")
                        .settings()
                        .dlm()
                        .nodir())
                .containsExactly("\u00e9");
    }

    @Test
    void refusesWhatNobodyWroteByHand() {
        assertThat(folder("#".repeat(1 << 20)).problems())
                .containsExactly("lockstep.conf: is larger than 1048576 bytes");
    }

    @Test
    void refusesAFolderForAFile() throws IOException {
        folder("");
        Files.createDirectories(temp.resolve("conf.d").resolve("10.conf"));

        assertThat(new ConfigFolder(temp).problems()).containsExactly("conf.d/10.conf: cannot be read: Is a directory");
    }

    @Test
    void refusesAFileForAFolder() {
        assertThat(folder("").file("conf.d", "dlm.port = 21070").problems()).containsExactly("conf.d: is no directory");
    }

    @Test
    void refusesALinkThatLeadsNowhere() throws IOException {
        folder("").file("conf.d/10.conf", "");
        Files.createSymbolicLink(temp.resolve("conf.d").resolve("20.conf"), temp.resolve("nowhere"));

        assertThat(new ConfigFolder(temp).problems()).containsExactly("conf.d/20.conf: no such file");
    }

    /** As on the day Lockstep was installed; the default's name, which nobody asked for by flag or environment. */
    @Test
    void saysThatThereIsNoSettingsFileWhereThereIsNone() {
        Path none = temp.resolve("lockstep.conf");
        Path tools = temp.resolve("cluster.conf");
        Problems problems = new Problems();

        assertThat(new ClusterConfFile(tools, problems).read(none)).isEmpty();
        assertThat(problems.all())
                .containsExactly(new Problem(
                        none.toString(),
                        0,
                        "does not exist, so no nodes are configured, and " + tools
                                + " does not exist; list the cluster's nodes"));
    }

    @Test
    void saysInAFewWordsWhyAFileCannotBeRead() {
        assertThat(SettingsFile.reason(new AccessDeniedException("/etc/lockstep/lockstep.conf")))
                .isEqualTo("permission denied");
        assertThat(SettingsFile.reason(new FileSystemException("/etc/lockstep/lockstep.conf", null, "Stale handle")))
                .isEqualTo("cannot be read: Stale handle");
    }

    @Test
    void refusesPathsThatTheLocaleCannotWrite() {
        for (String setting : List.of("paths.state", "paths.control-socket", "o2cb.cluster-conf")) {
            assertThat(new ConfigFolder(temp)
                            .file(
                                    "lockstep.conf",
                                    ConfigFolder.NODES.replaceAll("o2cb.*", "") + setting + " = \"/run/\\ud800\"")
                            .problems())
                    .containsExactly("lockstep.conf:4: " + setting + ": " + REFUSED);
        }
        assertThat(folder("fence = command, fence-command = [ \"/run/\\ud800\" ]")
                        .problems())
                .containsExactly("lockstep.conf:4: fence-command: " + REFUSED);
    }

    @Test
    void refusesANameOfTheSettingsFileThatTheLocaleCannotWrite() {
        Sources sources = new Sources(Map.of(), Map.of("LOCKSTEP_CONFIG", NO_PATH), Optional.empty(), "a");

        assertThat(catchThrowableOfType(InvalidSettings.class, () -> SettingsLoader.load(sources))
                        .problems())
                .containsExactly(new Problem("environment LOCKSTEP_CONFIG", 0, REFUSED));
    }

    @Test
    void tellsTheDirectoryThatTheControlSocketLacks() throws InvalidSettings {
        Path runtime = temp.resolve("run");
        Path other = temp.resolve("other");
        String lacks = "paths.control-socket: " + other + " is no directory; make it, or keep the socket in"
                + " paths.runtime";
        String path = "paths.runtime = " + runtime + "\npaths.control-socket = ";

        assertThat(hindrances(path + runtime.resolve("admin.sock")))
                .as("the agent makes it")
                .isEmpty();
        assertThat(hindrances(path + temp.resolve("admin.sock"))).isEmpty();
        assertThat(hindrances(path + other.resolve("admin.sock")))
                .containsExactly(new Problem(temp + "/lockstep.conf", 5, lacks));
        assertThat(folder("dead-threshold = 0\n" + path + other.resolve("admin.sock"))
                        .problems())
                .as("beside what else is wrong")
                .containsExactly(
                        "lockstep.conf:4: dead-threshold: 0 is outside 3 to 3600",
                        "lockstep.conf:6: " + lacks.replace(temp + "/", ""));
    }

    /** What takes its place is the default's, and that is judged by nobody who did not write it. */
    @Test
    void tellsNoDirectoryOfASocketThatIsRefused() {
        assertThat(folder("paths.control-socket = run/x\npaths.runtime = " + temp)
                        .problems())
                .singleElement()
                .asString()
                .startsWith("lockstep.conf:4: paths.control-socket: needs an absolute path");
    }

    private List<Problem> hindrances(String line) throws InvalidSettings {
        return folder(line).load().hindrances();
    }
}
