// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What HOCON would take for something else than was meant, refused with its line. */
final class StrictSyntaxTest {
    private static final String JOINED = "two values without a comma or a new line between them;"
            + " a text with blanks or special characters needs double quotes";

    @TempDir
    private Path temp;

    /** Problems of a file whose lines 1 to 3 are good nodes and whose line 4 is {@code line}. */
    private List<String> problemsWith(String line) {
        return new ConfigFolder(temp)
                .file("lockstep.conf", ConfigFolder.NODES + line)
                .problems();
    }

    private Settings settingsWith(String lines) throws InvalidSettings {
        return new ConfigFolder(temp)
                .file("lockstep.conf", ConfigFolder.NODES + lines)
                .settings();
    }

    @Test
    void refusesTwoNodesWithoutACommaBetweenThem() {
        assertThat(new ConfigFolder(temp).file("lockstep.conf", """
                                nodes = [
                                  { number = 1, name = alpha, address = 10.0.0.1 } { number = 2, address = 10.0.0.2 }
                                ]
                                """).problems())
                .containsExactly("lockstep.conf:2: " + JOINED);
    }

    @Test
    void refusesRegionsAndGuardsWithoutACommaBetweenThem() {
        assertThat(problemsWith("regions = [ { device = /dev/sdb1 } { device = /dev/sdc1 } ]\n"
                        + "guards = [ { lockspace = a, region = R } { lockspace = b, region = R } ]"))
                .containsExactly("lockstep.conf:4: " + JOINED, "lockstep.conf:5: " + JOINED);
    }

    @Test
    void refusesTextsWithoutACommaBetweenThem() {
        assertThat(problemsWith("dlm.nodir = [ \"a*\" \"b*\" ]")).containsExactly("lockstep.conf:4: " + JOINED);
        assertThat(problemsWith("dlm.nodir = [ a b ]")).containsExactly("lockstep.conf:4: " + JOINED);
        assertThat(problemsWith("dlm.nodir = [ a\n \"b\"\n \"c\"d ]")).containsExactly("lockstep.conf:6: " + JOINED);
        assertThat(problemsWith("dlm.nodir = [ a ] [ b ]")).containsExactly("lockstep.conf:4: " + JOINED);
        assertThat(problemsWith("dlm { port = 3 } { mark = 4 }")).containsExactly("lockstep.conf:4: " + JOINED);
        assertThat(problemsWith("cluster-name = \"we\" b")).containsExactly("lockstep.conf:4: " + JOINED);
        assertThat(problemsWith("fence = command, fence-command = [ /bin/true, \"--plug={name}\" \"--action=off\" ]"))
                .containsExactly("lockstep.conf:4: " + JOINED);
    }

    @Test
    void tellsEachPlaceWithoutACommaAndWhatIsWrongInOtherFiles() {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", "dlm.nodir = [ \"a*\" \"b*\" ]\nfence-command = [ \"a\" \"b\" ]")
                        .file("conf.d/10.conf", "dead-threshold = 1")
                        .problems())
                .containsExactly(
                        "conf.d/10.conf:1: dead-threshold: 1 is outside 3 to 3600",
                        "lockstep.conf:1: " + JOINED,
                        "lockstep.conf:2: " + JOINED);
    }

    @Test
    void refusesThemInFlagsAndInTheEnvironment() {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", ConfigFolder.NODES)
                        .environment("LOCKSTEP_REGIONS", "[ { device = /dev/sdb1 } { device = /dev/sdc1 } ]")
                        .flag("dlm.nodir", "[ \"a\" \"b\" ]")
                        .problems())
                .containsExactly("--set dlm.nodir: " + JOINED, "environment LOCKSTEP_REGIONS: " + JOINED);
    }

    @Test
    void refusesAFlagOrAVariableThatSetsMore() {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", ConfigFolder.NODES)
                        .environment("LOCKSTEP_DEAD_THRESHOLD", "31\nfence = manual")
                        .flag("dlm.port", "21070, probe-links = false")
                        .problems())
                .containsExactly(
                        "--set dlm.port: sets more than dlm.port",
                        "environment LOCKSTEP_DEAD_THRESHOLD: sets more than dead-threshold");
    }

    @Test
    void isNotFooledByCommentsQuotesAndLines() throws InvalidSettings {
        Settings settings = settingsWith("""
                guards = [ # { } { }
                  { lockspace = "a } { \\" b", region = R } // "x" "y"
                  { lockspace = \"""b" "{\""", region = R },

                  { "lockspace" : c, region : R }
                ]
                dlm
                { port = 21070 }
                dlm.nodir =
                  [ d
                    "e # f", g ]
                """);

        assertThat(settings.guards())
                .extracting(Settings.Guard::lockspace)
                .containsExactly("a } { \" b", "b\" \"{", "c");
        assertThat(settings.dlm().port()).isEqualTo(21070);
        assertThat(settings.dlm().nodir()).containsExactly("d", "e # f", "g");
    }

    @Test
    void takesTheWholeFileInBraces() throws InvalidSettings {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", "# all\n{\n" + ConfigFolder.NODES + "\n}\n# end")
                        .settings()
                        .nodes())
                .hasSize(2);
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", "{" + ConfigFolder.NODES + "} fence = manual")
                        .problems())
                .containsExactly("lockstep.conf:4: something stands behind the bracket that closes the settings");
    }

    @Test
    void refusesAKeyGivenTwiceAndNamesBothLines() {
        assertThat(problemsWith(
                        "dead-threshold = 31\n\ndead-threshold = 31\nnodes = []\ndlm { port = 1 }\ndlm.port = 2"))
                .containsExactly(
                        "lockstep.conf:6: dead-threshold is given twice, first in line 4",
                        "lockstep.conf:7: nodes is given twice, first in line 1",
                        "lockstep.conf:9: dlm.port is given twice, first in line 8");
    }

    @Test
    void refusesAKeyGivenTwiceInOneNode() {
        assertThat(new ConfigFolder(temp)
                        .file(
                                "lockstep.conf",
                                "nodes = [ { number = 1, name = alpha, address = 10.0.0.1,\n number = 2 } ]")
                        .problems())
                .containsExactly("lockstep.conf:2: number is given twice, first in line 1");
    }

    @Test
    void takesAGroupInParts() throws InvalidSettings {
        Settings settings = settingsWith("dlm.port = 21070\ndlm { mark = 7 }\ndlm { log-debug = true }");

        assertThat(settings.dlm()).isEqualTo(new Settings.Dlm(0, 21070, true, List.of(), 7));
    }

    @Test
    void refusesAValueInAGroupsPlaceAndNamesBothLines() {
        assertThat(problemsWith("wake-ups = off\nwake-ups.port = 21070"))
                .containsExactly("lockstep.conf:5: wake-ups.port: wake-ups is given otherwise in line 4");
        assertThat(problemsWith("wake-ups.port = 21070\nwake-ups = off"))
                .contains("lockstep.conf:5: wake-ups is given twice, first in line 4");
    }

    @Test
    void refusesIncludes() {
        for (String include : List.of("include \"more.conf\"", "include file(\"/etc/more.conf\")", "include")) {
            assertThat(problemsWith(include))
                    .containsExactly("lockstep.conf:4: include: settings do not include other files;"
                            + " put them into conf.d beside this one");
        }
    }

    @Test
    void refusesSubstitutions() {
        assertThat(problemsWith("cluster-name = ${PATH}\ndlm.port = ${?NOPE}\nnode-name = a${cluster-name}"))
                .containsExactly(
                        "lockstep.conf:4: ${PATH}: settings do not refer to others; write the value",
                        "lockstep.conf:5: ${?NOPE}: settings do not refer to others; write the value",
                        "lockstep.conf:6: ${cluster-name}: settings do not refer to others; write the value");
    }

    @Test
    void refusesToAppend() {
        assertThat(problemsWith("dlm.nodir += a"))
                .containsExactly("lockstep.conf:4: dlm.nodir: += is not taken; write the whole list");
    }

    @Test
    void namesTheLineThatLacksAnEqualsSign() {
        assertThat(problemsWith("fence self\ndead-threshold = 31"))
                .containsExactly("lockstep.conf:4: fence self: has no '=' and no value");
    }

    @Test
    void namesTheLineThatLacksAValue() {
        assertThat(problemsWith("fence =\ndead-threshold = 31"))
                .containsExactly("lockstep.conf:4: fence: has no value in its line");
        assertThat(problemsWith("dlm { port = }")).containsExactly("lockstep.conf:4: dlm.port: has no value");
        assertThat(problemsWith("dlm { port = , mark = 3 }"))
                .containsExactly("lockstep.conf:4: dlm.port: has no value");
    }

    @Test
    void namesTheCommaThatFollowsNothing() {
        assertThat(problemsWith("dlm.nodir = [ a,\n, b ]"))
                .containsExactly("lockstep.conf:5: nothing stands before this comma");
    }

    @Test
    void namesTheFlagThatLacksAValue() {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", ConfigFolder.NODES)
                        .flag("fence", " ")
                        .problems())
                .containsExactly("--set fence: has no value");
    }

    @Test
    void namesTheCharacterThatNeedsQuotes() {
        assertThat(problemsWith("dlm.nodir = [ lvm_* ]"))
                .containsExactly("lockstep.conf:4: '*' cannot stand here;"
                        + " a text with special characters needs double quotes");
        assertThat(problemsWith("wake-ups.bind = fd00::1"))
                .containsExactly("lockstep.conf:4: ':' cannot stand here;"
                        + " a text with special characters needs double quotes");
    }

    /** It would have been /var. */
    @Test
    void refusesACommentInTheMiddleOfAPath() {
        assertThat(problemsWith("paths.state = /var//lib/lockstep"))
                .containsExactly("lockstep.conf:4: // begins a comment here; if it is part of the text,"
                        + " that needs double quotes");
    }

    @Test
    void namesTheLineOfWhatIsNeverClosed() {
        assertThat(problemsWith("cluster-name = \"web\nfence = self"))
                .containsExactly("lockstep.conf:4: a double quote is not closed in its line");
        assertThat(problemsWith("\ncluster-name = \"\"\"web\nfence = self"))
                .containsExactly("lockstep.conf:5: the three double quotes here are never closed");
        assertThat(problemsWith("dlm {\n port = 21064\n]\n"))
                .containsExactly("lockstep.conf:6: ']' closes no bracket;"
                        + " the last one was opened in line 4, of the other kind");
        assertThat(problemsWith("}")).containsExactly("lockstep.conf:4: '}' closes no bracket");
    }

    @Test
    void refusesBracketsDeeperThanAnySetting() {
        assertThat(problemsWith("nodes2 = " + "[".repeat(20_000)))
                .containsExactly("lockstep.conf:4: settings are nested more than 16 deep");
        assertThat(problemsWith("a {".repeat(20_000)))
                .containsExactly("lockstep.conf:4: settings are nested more than 16 deep");
        assertThat(problemsWith("a.".repeat(200_000) + "a = 3"))
                .containsExactly("lockstep.conf:4: a name of more than 256 characters is that of no setting");
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", ConfigFolder.NODES)
                        .flag("nodes", "[".repeat(20_000))
                        .problems())
                .containsExactly("--set nodes: cannot be read: " + "[".repeat(80)
                        + "...; special characters need double quotes around the value");
    }
}
